"""The roster: everybody in scope, as the branch keeps them in Excel or CSV."""
