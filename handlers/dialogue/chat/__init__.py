"""The conversation of `/doithoai`: members, the employer's side, officers."""
