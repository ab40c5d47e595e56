"""`acme backup` and `acme restore`: the database and the objects, in one folder."""
