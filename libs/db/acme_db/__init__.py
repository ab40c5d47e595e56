"""Tables, engine, unit of work and shared queries."""
