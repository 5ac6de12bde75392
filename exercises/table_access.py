"""What the roles of the database may do: knowledge is read by everybody, and edited by staff."""

from hipcare.database.privileges import READ, TableAccess

TABLE_ACCESS = TableAccess(application=READ, authenticator=READ)
