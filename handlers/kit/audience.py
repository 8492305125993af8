"""Audiences as people type and read them; `storage.audiences` keeps and matches them."""

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import fold, nfc
from storage import audiences, campaigns
from storage.audiences import NAMING, Kind, Part

# So many groups or codes, and characters of what was mistyped, stand in an answer.
_EXAMPLES = 20
_SHOWN = 60


class AudienceError(RefusedError):
    """No audience that can be used; `key` names the sentence that says what is wrong with it."""


def parse(text: str) -> tuple[Part, ...]:
    """The parts of `members`, `group:NAME+code:MA,MA` and the like, with names as they were typed."""
    parts = dict.fromkeys(_parse_part(part) for part in audiences.split(nfc(text)))
    return tuple(parts)


def _parse_part(text: str) -> Part:
    word, _, rest = text.partition(":")
    kind = _kind(word)
    names = " ".join(rest.split())
    if kind is None or (names and kind not in NAMING):
        raise AudienceError("audience/unknown_word", word=text.strip()[:_SHOWN])
    if kind not in NAMING:
        return Part(kind)
    each = tuple(filter(None, (name.strip() for name in names.split(",")))) if kind is Kind.CODE else (names,)
    if not any(each):
        raise AudienceError("audience/unnamed", word=kind.value)
    return Part(kind, each)


def _kind(word: str) -> Kind | None:
    try:
        return Kind(word.strip().lower())
    except ValueError:
        return None


async def resolve(work: Work, text: str) -> str:
    """The audience as it is kept; AudienceError for a group, person or campaign that isn't there."""
    parts = [await _resolve_part(work, part) for part in parse(text)]
    kept = "+".join(dict.fromkeys(str(part) for part in parts))
    if len(kept) > audiences.MAX_LENGTH:
        raise AudienceError("audience/too_long", limit=audiences.MAX_LENGTH)
    return kept


async def _resolve_part(work: Work, part: Part) -> Part:
    match part.kind:
        case Kind.GROUP:
            return Part(part.kind, (await _group(work, part.names[0]),))
        case Kind.CODE:
            return Part(part.kind, await _codes(work, part.names))
        case Kind.UNFINISHED:
            return Part(part.kind, (await _campaign(work, part.names[0]),))
        case _:
            return part


async def _group(work: Work, name: str) -> str:
    groups = await audiences.group_names(work.db)
    if fold(name) not in groups:
        raise AudienceError(
            "audience/unknown_group",
            name=name[:_SHOWN],
            groups=[groups[each] for each in sorted(groups)][:_EXAMPLES],
        )
    return fold(name)


async def _codes(work: Work, typed: tuple[str, ...]) -> tuple[str, ...]:
    """Codes as they stand on the roster, whichever case they were typed in."""
    known = await audiences.known_codes(work.db, [*typed, *(code.upper() for code in typed)])
    unknown = [code for code in typed if code not in known and code.upper() not in known]
    if unknown:
        raise AudienceError("audience/unknown_code", codes=unknown[:_EXAMPLES])
    return tuple(dict.fromkeys(code if code in known else code.upper() for code in typed))


async def _campaign(work: Work, name: str) -> str:
    found = await campaigns.find(work.db, name)
    if found is None:
        raise AudienceError("audience/unknown_campaign", name=name[:_SHOWN])
    return str(found.id)


async def describe(work: Work, kept: str) -> str:
    """A kept audience in words."""
    groups = await audiences.group_names(work.db)
    return ", ".join([await _describe_part(work, part, groups) for part in audiences.read(kept)])


async def _describe_part(work: Work, part: Part, groups: dict[str, str]) -> str:
    match part.kind:
        case Kind.GROUP:
            return groups.get(part.names[0], part.names[0])
        case Kind.CODE:
            return work.label("audience/code", codes=", ".join(part.names))
        case Kind.UNFINISHED:
            found = await campaigns.by_id(work.db, int(part.names[0]))
            return work.label("audience/unfinished", title=found.title if found else part.names[0])
        case _:
            return work.label(f"audience/{part.kind}")
