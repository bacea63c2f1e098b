"""A database that a test has used is as new for the next one, or is not used again."""

from urllib.parse import urlsplit

import pytest

from shared.postgres.roles import run
from shared.postgres.urls import with_database
from tests.clones import Server, execute, pristine, restored
from tests.conftest import Clone

LEFT_BEHIND = (
    "INSERT INTO reference (kind, code, position, body) VALUES ('toys', 'ball', 1, '{}')",
    "INSERT INTO journal (position, at, actor, event, subject, facts, previous)"
    " VALUES (1, now(), 'a', 'toy.lost', 'toy:1', '{}', '')",
    "SELECT nextval('fact_ids')",
)


def name_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def test_what_a_test_left_behind_is_gone_and_what_the_template_had_is_there(
    clone: Clone, server: Server
) -> None:
    with clone("register") as urls:
        admin = with_database(server.admin_url, name_of(urls.app))
        run(execute(admin, LEFT_BEHIND[0]))
        held = run(pristine(admin))
        run(execute(admin, "DELETE FROM reference", *LEFT_BEHIND))
        assert run(pristine(admin)) != held
        assert run(restored(admin, held))
        assert run(pristine(admin)) == held


@pytest.mark.parametrize(
    "touched",
    [
        "ALTER TABLE journal DISABLE TRIGGER never_change",
        "ALTER TABLE holdings DROP CONSTRAINT holdings_four_eyes",
        "ALTER TABLE holdings DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE people ALTER COLUMN family_name DROP NOT NULL",
        "DROP POLICY own_inserts ON holdings",
        "CREATE INDEX more ON people (family_name)",
        "GRANT UPDATE ON journal TO register_app",
        "CREATE OR REPLACE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE toys (id bigint)",
    ],
)
def test_a_database_whose_schema_was_touched_is_not_used_again(
    clone: Clone, server: Server, touched: str
) -> None:
    with clone("register") as urls:
        admin = with_database(server.admin_url, name_of(urls.app))
        held = run(pristine(admin))
        run(execute(admin, touched))
        assert not run(restored(admin, held))
