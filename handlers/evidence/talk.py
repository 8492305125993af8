"""The proof of one's own study, from the screen of `/toi`; what the committee hears of heads, and prints."""

from dataclasses import replace

from handlers.evidence.archive import prove_study
from handlers.evidence.letters import JOB
from handlers.evidence.notes import fingerprint
from handlers.evidence.printed import REPORTS
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action, Feature
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Attachment, Turn
from storage import evidence_heads


async def prove(_incoming: Incoming, ctx: Context) -> Turn:
    """The file goes to the person and is stored nowhere."""
    member = ctx.require(Right.OWN_DATA)
    content, count = await prove_study(ctx, member.id)
    head = await evidence_heads.latest(ctx.db)
    if head is None:
        raise AssertionError("the proof is under a head")
    reply = ctx.reply("evidence/proof", count=count, at=head.made_at, fingerprint=fingerprint(head.text))
    file = Attachment(ctx.label("evidence/proof_file"), "application/json", content)
    return Turn((replace(reply, attachment=file, ephemeral=True),))


FEATURE = Feature(
    "evidence",
    actions={"evidence.proof": Action(prove, Right.OWN_DATA)},
    jobs=(JOB,),
    reports=REPORTS,
)
