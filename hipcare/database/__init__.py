"""Django's PostgreSQL backend, quick to say that the database is away."""
