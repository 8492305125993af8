"""Every kind of audience works wherever an audience is used."""

from datetime import timedelta

import pytest

from handlers.campaign import pushing
from handlers.campaign.actions import publish
from storage import audiences, campaigns, coverage, recipients
from tests.people import WORKER
from tests.world import World

AUDIENCES = ["all", "members", "officers", "party", "group:Tổ Kỹ thuật", "code:NV06,NV07", "unfinished:1"]


@pytest.mark.parametrize("audience", AUDIENCES)
async def test_an_audience_in_every_query(branch_world: World, audience: str) -> None:
    await branch_world.talk(WORKER)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        await publish(work, None, "du-lieu-ca-nhan")
        made = await publish(
            work, None, "nghi-quyet-02", audience=audience, deadline=work.today + timedelta(days=3)
        )
        campaign = await campaigns.by_id(tx, made.campaign)
        assert campaign is not None
        people = set(await audiences.member_ids(tx, campaign.audience))
        assert people
        figures, missing = await coverage.coverage(tx, campaign)
        assert figures.in_scope == len(missing) == len(people) == made.recipients
        assert (await coverage.figures(tx, campaign)).in_scope == len(people)
        assert {each.member_id for each in await coverage.missing(tx, campaign)} == people
        assert await recipients.count_reachable(tx, campaign.audience) <= 1
        branch_world.clock.forward(days=1)
        await pushing.remind(branch_world.work(tx))
        branch_world.clock.forward(days=4)
        await pushing.remind(branch_world.work(tx))
