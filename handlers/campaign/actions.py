"""What happens to a campaign: opened, corrected, closed. The command line and the jobs begin here too."""

from dataclasses import dataclass
from datetime import date

from handlers.campaign import rules
from handlers.campaign.pushing import push_first_card, push_first_cards, remind, waiting_topics
from handlers.campaign.rules import Publishing, Version
from handlers.kit import audience as audience_text
from handlers.kit.context import Work
from handlers.kit.crediting import Officer
from handlers.kit.documents import Document, canonical, version
from handlers.kit.errors import RefusedError
from storage import audiences, campaigns, evidence, outbox
from storage.campaigns import AlreadyOpenError, Campaign, FrozenVersion, State
from storage.evidence import COMMAND, Kind, NewEvidence

__all__ = ["Officer", "Published", "close", "find_document", "publish", "push_first_cards", "remind", "weigh"]

# People whom publishing itself writes to; the job that follows within seconds takes the rest.
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Published:
    campaign: int
    title: str
    version: str
    # Everybody in the audience, whether they can be reached or not.
    recipients: int
    # The open campaign goes on with corrected words.
    is_correction: bool


def find_document(work: Work, slug: str) -> Document:
    document = work.services.documents.get(slug)
    if document is None:
        raise RefusedError("campaign/unknown_document", slug=slug, known=sorted(work.services.documents))
    return document


async def weigh(work: Work, document: Document) -> tuple[Publishing, Campaign | None]:
    """What publishing it now would mean, and the campaign that is open for it; RefusedError if it can't."""
    running = await campaigns.open_for_slug(work.db, document.slug)
    frozen = await campaigns.frozen(work.db, running.version_hash) if running else None
    known = Version(frozen.hash, frozen.edition) if frozen else None
    meaning = rules.publishing(known, Version(version(document), document.edition))
    if meaning in {Publishing.UNCHANGED, Publishing.OLDER}:
        raise RefusedError(f"campaign/{meaning}", title=document.title)
    return meaning, running


async def publish(
    work: Work,
    officer: Officer | None,
    slug: str,
    *,
    audience: str = "all",
    deadline: date | None = None,
    pass_mark: int | None = None,
) -> Published:
    """Freeze the document's version and open a campaign on it, or correct the one that is open.

    No `officer` publishes by command.
    `audience` is as people type it. Without `pass_mark` the quiz's own counts. RefusedError says what is
    wrong. A correction changes nothing but the words: audience, deadline and pass mark stay.
    """
    document = find_document(work, slug)
    meaning, running = await weigh(work, document)
    frozen = FrozenVersion(version(document), slug, document.edition, document.title, canonical(document))
    if running and meaning is Publishing.CORRECTION:
        await campaigns.freeze(work.db, frozen, work.now)
        await campaigns.revise(work.db, running.id, frozen.hash, frozen.title)
        return await _published(work, officer, running.id, is_correction=True)
    mark = rules.default_mark(document) if pass_mark is None else pass_mark
    kept = await check(work, document, audience=audience, deadline=deadline, pass_mark=mark)
    await campaigns.freeze(work.db, frozen, work.now)
    if running:
        await close(work, running, State.SUPERSEDED)
    opened = await _open(work, officer, frozen, audience=kept, deadline=deadline, pass_mark=mark)
    return await _published(work, officer, opened, is_correction=False)


async def check(
    work: Work, document: Document, *, audience: str, deadline: date | None, pass_mark: int
) -> str:
    """The audience as it is kept; RefusedError for anything that can't be published."""
    if problem := rules.deadline_problem(deadline, work.today):
        raise RefusedError(problem, latest=rules.latest_deadline(work.today))
    if problem := rules.mark_problem(pass_mark, document):
        raise RefusedError(problem, title=document.title)
    kept = await audience_text.resolve(work, audience)
    if not await audiences.count(work.db, kept):
        raise RefusedError("campaign/nobody", audience=await audience_text.describe(work, kept))
    return kept


async def _open(
    work: Work,
    officer: Officer | None,
    frozen: FrozenVersion,
    *,
    audience: str,
    deadline: date | None,
    pass_mark: int,
) -> int:
    try:
        return await campaigns.create(
            work.db,
            slug=frozen.slug,
            version_hash=frozen.hash,
            title=frozen.title,
            audience=audience,
            deadline=deadline,
            pass_mark=pass_mark,
            published_by=officer.member.id if officer else None,
            now=work.now,
        )
    except AlreadyOpenError as error:
        # Another officer was faster by a moment.
        raise RefusedError("campaign/unchanged", title=frozen.title) from error


async def _published(
    work: Work, officer: Officer | None, campaign_id: int, *, is_correction: bool
) -> Published:
    campaign = await campaigns.by_id(work.db, campaign_id)
    if campaign is None:
        raise AssertionError("the campaign was just written")
    await _record(work, officer, campaign, is_correction=is_correction)
    await push_first_card(work, campaign, AT_ONCE)
    return Published(
        campaign=campaign.id,
        title=campaign.title,
        version=campaign.version_hash,
        recipients=await audiences.count(work.db, campaign.audience),
        is_correction=is_correction,
    )


async def _record(work: Work, officer: Officer | None, campaign: Campaign, *, is_correction: bool) -> None:
    publisher = officer.member.id if officer else None
    entry = NewEvidence(
        kind=Kind.PUBLICATION,
        member_id=publisher,
        actor_id=publisher,
        campaign_id=campaign.id,
        channel=officer.channel if officer else COMMAND,
        at=work.now,
        version_hash=campaign.version_hash,
        details={
            **campaigns.terms(campaign.audience, campaign.deadline, campaign.pass_mark),
            "correction": int(is_correction),
        },
    )
    await evidence.append(work.db, entry)


async def close(work: Work, campaign: Campaign, state: State = State.CLOSED) -> None:
    """End an open campaign; what it has not sent yet is never sent. RefusedError when it had ended before."""
    if not await campaigns.close(work.db, campaign.id, state, work.now):
        raise RefusedError("campaign/ended", title=campaign.title)
    await outbox.cancel_topics(work.db, waiting_topics(campaign, work.today), work.now)
