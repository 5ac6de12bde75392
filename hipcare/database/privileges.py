"""What each role of the database may do, table by table: declared by every app, applied after every `migrate`.

`TABLE_ACCESS` in `<app>/table_access.py` maps model names to a `TableAccess`, or is one for an app whose every table
has it. A test fails on a table without. The roles own nothing and cannot log in; the user of `DATABASE_URL` is made a
member of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from django.apps import AppConfig, apps
from django.db import connection, transaction
from django.utils.module_loading import module_has_submodule

from hipcare.database.caller import APPLICATION, AUTHENTICATOR, ROLES, STAFF

READ, ADD = "SELECT", "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE, DELETE"


@dataclass(frozen=True, slots=True)
class TableAccess:
    """What the roles may do with a table.

    `owned_by` names the column with the id of the organisation that a row belongs to; of such a table the application
    sees and writes only the rows of the organisation it acts for. An empty privilege is none.
    """

    application: str = ""
    staff: str = WRITE
    authenticator: str = ""
    owned_by: str = ""

    def privileges(self) -> Iterator[tuple[str, str]]:
        """Roles with what they may do."""
        given = {AUTHENTICATOR: self.authenticator, APPLICATION: self.application, STAFF: self.staff}
        yield from ((role, privileges) for role, privileges in given.items() if privileges)


AppAccess = Mapping[str, TableAccess] | TableAccess

# The one place where the organisation of a session is read. No organisation is the id of no row: nothing is seen.
_FUNCTION = """
CREATE OR REPLACE FUNCTION hipcare_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('hipcare.organisation', true), '')::uuid
"""
_ROLE = """
DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
# Superusers are members of every role without being told.
_MEMBERSHIP = """
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN GRANT {role} TO CURRENT_USER; END IF;
END $$
"""


@transaction.atomic
def apply() -> None:
    """Make the roles, and give them what is declared and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        for statement in statements(set(connection.introspection.table_names(cursor))):
            cursor.execute(statement)


def statements(existing: set[str]) -> Iterator[str]:
    """The SQL, for those of the declared tables that exist. It is made of names that this project gave."""
    yield _FUNCTION
    roles = ", ".join(ROLES)
    for role in ROLES:
        yield _ROLE.format(role=role)
        yield _MEMBERSHIP.format(role=role)
    yield f"GRANT USAGE ON SCHEMA public TO {roles}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {roles}"
    for table, access in declared():
        if table in existing:
            yield f"REVOKE ALL ON {table} FROM {roles}"
            yield from (f"GRANT {privileges} ON {table} TO {role}" for role, privileges in access.privileges())
            if access.owned_by:
                yield from _policies(table, access)


def _policies(table: str, access: TableAccess) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for role, _ in access.privileges():
        seen = f"{access.owned_by} = (SELECT hipcare_organisation())" if role == APPLICATION else "true"
        yield f"DROP POLICY IF EXISTS {role} ON {table}"
        yield f"CREATE POLICY {role} ON {table} TO {role} USING ({seen}) WITH CHECK ({seen})"


def declared() -> Iterator[tuple[str, TableAccess]]:
    """Every table with what may be done with it."""
    yield from LIBRARY_TABLES.items()
    for config in apps.get_app_configs():
        access = _access_of(config)
        for model in config.get_models(include_auto_created=True) if access is not None else ():
            name = model.__name__
            if isinstance(access, TableAccess):
                yield model._meta.db_table, access
            elif access is not None and name in access:
                yield model._meta.db_table, access[name]


def _access_of(config: AppConfig) -> AppAccess | None:
    if config.module is None or not module_has_submodule(config.module, "table_access"):
        return None
    access: AppAccess = import_module(f"{config.name}.table_access").TABLE_ACCESS
    return access


# Who of staff may sign in is found out by the authenticator; everything else of the admin is for those who have.
LIBRARY_TABLES = {
    "auth_user": TableAccess(authenticator="SELECT, UPDATE"),
    "django_session": TableAccess(authenticator=WRITE),
    "django_migrations": TableAccess(authenticator=READ, staff=""),
    "auth_group": TableAccess(),
    "auth_permission": TableAccess(),
    "auth_group_permissions": TableAccess(),
    "auth_user_groups": TableAccess(),
    "auth_user_user_permissions": TableAccess(),
    "django_admin_log": TableAccess(),
    "django_content_type": TableAccess(),
    # The application and staff put jobs into the queue, and triggers note that they did; a worker does the rest.
    "procrastinate_jobs": TableAccess(application=ADD, staff=ADD),
    "procrastinate_events": TableAccess(application=ADD, staff=ADD),
    "procrastinate_periodic_defers": TableAccess(staff=""),
    "procrastinate_workers": TableAccess(staff=""),
}
