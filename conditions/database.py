"""Migration operations that keep releases honest inside the database. Other apps with release rows use them too.

Every table with a `release_id` column can be frozen: once its release is published, no row of it can be inserted,
updated or deleted. The trigger locks the release row in share mode, so a release cannot be published while another
transaction still writes into it.
"""

from django.db.migrations import RunSQL

_ROW_FUNCTION = """
CREATE FUNCTION refuse_change_in_published_release() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
    release_status text;
BEGIN
    FOREACH touched IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.release_id]
        WHEN 'DELETE' THEN ARRAY[OLD.release_id]
        ELSE ARRAY[OLD.release_id, NEW.release_id]
    END LOOP
        SELECT status INTO release_status FROM conditions_release WHERE id = touched FOR SHARE;
        IF release_status IN ('published', 'retired') THEN
            RAISE EXCEPTION '% of a row of % refused: its release is published', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation',
                CONSTRAINT = 'published_release_is_frozen', TABLE = TG_TABLE_NAME;
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

_RELEASE_FUNCTION = """
CREATE FUNCTION refuse_change_of_published_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
        AND (NEW.status = OLD.status OR (OLD.status = 'published' AND NEW.status = 'retired'))
        AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of release % refused: it is published and may only be retired', TG_OP, OLD.version
        USING ERRCODE = 'integrity_constraint_violation',
        CONSTRAINT = 'published_release_is_frozen', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER release_is_frozen BEFORE UPDATE OR DELETE ON conditions_release
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_release();
"""


def freeze_releases() -> RunSQL:
    """Refuse every change to a published release but retiring it, and make the function that `freeze_rows` uses."""
    return RunSQL(
        _ROW_FUNCTION + _RELEASE_FUNCTION,
        """
        DROP TRIGGER release_is_frozen ON conditions_release;
        DROP FUNCTION refuse_change_of_published_release();
        DROP FUNCTION refuse_change_in_published_release();
        """,
    )


def freeze_rows(table: str) -> RunSQL:
    """Refuse inserts, updates and deletes in `table` (it has a column release_id) once the release is published.

    The migration must depend on the one of `conditions` that calls `freeze_releases`.
    """
    return RunSQL(
        f"CREATE TRIGGER release_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_in_published_release();",
        f"DROP TRIGGER release_is_frozen ON {table};",
    )


def same_release(table: str, column: str, target: str) -> RunSQL:
    """Refuse a row of `table` whose `column` points at a row of `target` in another release.

    `target` needs a unique constraint over release_id and id (`constraints.addressed_with_release`).
    """
    name = f"{table}_{column}_same_release"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (release_id, {column}) "
        f"REFERENCES {target} (release_id, id) DEFERRABLE INITIALLY DEFERRED;",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )
