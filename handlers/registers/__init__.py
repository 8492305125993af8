"""The registers that the union's targets need: officers' training, admissions, collective agreements."""
