"""The check of integrity sees a post that came back from its end."""

import asyncpg

from services.register.operations import integrity
from tests.callers import association
from tests.register import make_licences
from tests.register.conftest import Register
from tests.register.posts.make_posts import attested, organisation, step


async def test_a_post_that_came_back_from_its_end_is_found(register: Register) -> None:
    number = await make_licences.licensed(register)
    post_id = await attested(register, number, await organisation(register))
    await step(register, post_id, "ending", association(), valid_to="2026-11-20")
    assert await integrity.check(register.db, now=register.clock.now) == []
    connection = await asyncpg.connect(register.urls.app.replace("+asyncpg", ""))
    await connection.execute(
        "INSERT INTO posts (id, corrects, person_id, valid, known, employer_id, role, basis, practitioner_by)"
        " SELECT id, row_id, person_id, daterange('2026-01-01', NULL), tstzrange('2026-11-22', NULL),"
        " employer_id, role, basis, practitioner_by FROM posts WHERE upper_inf(known)"
    )
    await connection.close()
    found = await integrity.check(register.db, now=register.clock.now)
    assert "a post that moved outside the written table" in {each.name for each in found}
