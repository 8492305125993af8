import asyncio
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import invitations as kit
from handlers.kit.invitations import ALPHABET, VALID_FOR, Invitation
from storage import accounts, consents, invitations, links, members
from storage.database import Transaction
from storage.schema.people import invitation
from tests.people import COMMITTEE, PEOPLE, WORKER
from tests.world import SeededChance, World


async def _issue(world: World, *codes: str) -> list[Invitation]:
    async with world.database.write() as tx:
        people = [member.id for member in await members.everybody(tx) if member.code in codes]
        return await kit.issue(tx, world.chance, world.clock.now(), people)


async def _stored(tx: Transaction, code: str) -> invitations.StoredInvitation:
    found = await invitations.by_hash(tx, kit.code_hash(kit.compact(code)))
    assert found is not None
    return found


async def test_only_the_hash_of_a_code_is_kept(branch_world: World) -> None:
    [made] = await _issue(branch_world, WORKER)
    async with branch_world.database.read() as tx:
        [row] = await tx.all(invitation.select())
    assert made.code not in str(row)
    assert kit.compact(made.code) not in str(row)
    assert row.code_hash == kit.code_hash(kit.compact(made.code))


async def test_a_code_leads_to_its_person(branch_world: World) -> None:
    made = await _issue(branch_world, WORKER, COMMITTEE)
    async with branch_world.database.read() as tx:
        for each in made:
            stored = await _stored(tx, each.code)
            assert stored.member == each.member
            assert stored.expires_at == branch_world.clock.now() + VALID_FOR


async def test_a_code_that_was_never_made_leads_nowhere(branch_world: World) -> None:
    await _issue(branch_world, WORKER)
    async with branch_world.database.read() as tx:
        assert await invitations.by_hash(tx, kit.code_hash("ABCDEFGHJKMN")) is None
        assert await invitations.by_id(tx, 999) is None


async def test_of_many_who_use_one_code_at_once_one_gets_it(branch_world: World) -> None:
    [made] = await _issue(branch_world, WORKER)
    async with branch_world.database.read() as tx:
        stored = await _stored(tx, made.code)

    async def use() -> bool:
        async with branch_world.database.write() as tx:
            return await invitations.use(tx, stored.id, branch_world.clock.now())

    assert sorted(await asyncio.gather(*(use() for _ in range(8)))) == [False] * 7 + [True]


async def test_a_code_is_used_before_its_last_moment(branch_world: World) -> None:
    [made] = await _issue(branch_world, WORKER)
    async with branch_world.database.write() as tx:
        stored = await _stored(tx, made.code)
        assert not await invitations.use(tx, stored.id, stored.expires_at)
        assert await invitations.use(tx, stored.id, stored.expires_at - timedelta(seconds=1))


async def test_a_new_code_revokes_the_older_of_the_same_person_only(branch_world: World) -> None:
    [older] = await _issue(branch_world, WORKER)
    [others] = await _issue(branch_world, COMMITTEE)
    [newer] = await _issue(branch_world, WORKER)
    async with branch_world.database.read() as tx:
        assert (await _stored(tx, older.code)).revoked_at == branch_world.clock.now()
        assert (await _stored(tx, others.code)).revoked_at is None
        assert (await _stored(tx, newer.code)).revoked_at is None


async def test_a_used_code_stays_used_when_a_new_one_is_made(branch_world: World) -> None:
    [older] = await _issue(branch_world, WORKER)
    async with branch_world.database.write() as tx:
        stored = await _stored(tx, older.code)
        await invitations.use(tx, stored.id, branch_world.clock.now())
    await _issue(branch_world, WORKER)
    async with branch_world.database.read() as tx:
        assert (await _stored(tx, older.code)).revoked_at is None


async def test_two_officers_at_once_leave_one_open_code(branch_world: World) -> None:
    made = await asyncio.gather(*(_issue(branch_world, WORKER) for _ in range(4)))
    async with branch_world.database.read() as tx:
        stored = [await _stored(tx, each.code) for [each] in made]
    assert [each.revoked_at is None for each in stored].count(True) == 1


async def test_people_without_an_account_are_counted_by_group(branch_world: World) -> None:
    await branch_world.talk(WORKER)
    await branch_world.talk(COMMITTEE)
    async with branch_world.database.write() as tx:
        committee = await accounts.arrive(tx, "direct", f"p-{COMMITTEE}", branch_world.clock.now())
        await accounts.set_unreachable(tx, committee.id, "blocked")
        totals = await links.totals(tx)
        groups = await links.not_linked_by_group(tx)
        ids = await links.not_linked_ids(tx)
        names = [person.full_name for person in await links.not_linked_in(tx, groups[-1].id)]
    assert (totals.people, totals.linked, totals.unreachable) == (len(PEOPLE), 2, 1)
    assert [(each.name, each.people) for each in groups] == [
        ("Tổ Hành chính", 3),
        ("Tổ Kỹ thuật", 2),
        ("Tổ Nghiệp vụ", 3),
    ]
    assert len(ids) == len(PEOPLE) - 2
    assert "Trần Văn Bình" not in names


async def test_a_person_with_one_answering_account_is_reachable(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        person = await members.by_code(tx, WORKER)
        assert person is not None
        for channel in ("direct", "web"):
            account = await accounts.arrive(tx, channel, "somewhere", branch_world.clock.now())
            await accounts.link(tx, account.id, person.id, branch_world.clock.now())
        await accounts.set_unreachable(tx, account.id, "gone")
        totals = await links.totals(tx)
    assert (totals.linked, totals.unreachable) == (1, 0)


async def test_consent_is_withdrawn_once(branch_world: World) -> None:
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        person = await members.by_code(tx, WORKER)
        assert person is not None
        account = await accounts.arrive(tx, "direct", "somewhere", now)
        await consents.give(tx, person.id, account.id, "a" * 64, now)
        assert await consents.withdraw(tx, person.id, now) == 1
        assert await consents.withdraw(tx, person.id, now) == 0


@given(st.integers(min_value=0, max_value=2**32))
def test_codes_are_twelve_clear_characters_in_three_groups(seed: int) -> None:
    code = kit.new_code(SeededChance(seed))
    shown = kit.shown(code)
    assert [len(group) for group in shown.split("-")] == [4, 4, 4]
    assert set(code) <= set(ALPHABET)
    assert kit.is_code(code)
    assert kit.compact(shown) == code


def test_look_alikes_are_in_no_code() -> None:
    assert not set(ALPHABET) & set("0O1ILU")
    assert len(set(ALPHABET)) == len(ALPHABET) == 30
