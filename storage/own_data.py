"""Everything that is kept about one member, read from all tables: what a person may ask to see."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select

from storage import person_keys
from storage.database import Transaction
from storage.outbox import Priority
from storage.schema.announcements import (
    announcement,
    announcement_receipt,
    announcement_told,
    poll,
    poll_answer,
    poll_voter,
)
from storage.schema.calendar import calendar_link, preference, preferred_lead
from storage.schema.certificates import certificate
from storage.schema.concerns import concern_reader
from storage.schema.conversations import web_message
from storage.schema.desk import desk_act, desk_factor, desk_link, desk_session
from storage.schema.evidence import evidence, evidence_seal, person_key
from storage.schema.meetings import (
    check_in_try,
    meeting,
    meeting_answer,
    meeting_attendance,
    meeting_occurrence,
)
from storage.schema.messages import attachment, outbox, shared_message
from storage.schema.people import account, consent, invitation, member, union_group
from storage.schema.registers import admission, roster_period, training
from storage.schema.rounds import dialogue_list, dialogue_representative
from storage.schema.studies import campaign, quiz_attempt, study
from storage.schema.themes import theme, theme_voter


@dataclass(frozen=True, slots=True)
class Studied:
    """One document that the member has begun or was credited with."""

    title: str
    deadline: date | None
    pass_mark: int
    acknowledged_at: datetime | None
    best_score: int | None
    passed_at: datetime | None
    waived_at: datetime | None
    credit: str | None


_ME: BindParameter[int] = bindparam("b_member")
_STUDIES = (
    select(
        campaign.c.title,
        campaign.c.deadline,
        campaign.c.pass_mark,
        study.c.acknowledged_at,
        study.c.best_score,
        study.c.passed_at,
        study.c.waived_at,
        study.c.credit,
    )
    .join(campaign, campaign.c.id == study.c.campaign_id)
    .where(study.c.member_id == _ME)
    .order_by(study.c.campaign_id.desc())
)

# By section, in the order in which they are told. Hashes of codes stay out, and answers to what was typed.
_SECTIONS: Mapping[str, Select[Any]] = {
    "member": select(
        member.c.code,
        member.c.full_name,
        union_group.c.name.label("group"),
        member.c.position,
        member.c.is_union_member,
        member.c.is_party_member,
        member.c.is_group_leader,
        member.c.is_committee,
        member.c.is_chair,
        member.c.is_cell_committee,
        member.c.is_employer,
        member.c.started_on,
        member.c.is_active,
        member.c.created_at,
        member.c.changed_at,
    )
    .join(union_group, union_group.c.id == member.c.group_id)
    .where(member.c.id == _ME),
    # How they stood on the roster, and from when until when.
    "roster_history": select(
        roster_period.c.since,
        roster_period.c.until,
        roster_period.c.code,
        roster_period.c.full_name,
        union_group.c.name.label("group"),
        roster_period.c.position,
        roster_period.c.is_union_member,
        roster_period.c.is_party_member,
        roster_period.c.is_group_leader,
        roster_period.c.is_committee,
        roster_period.c.is_chair,
        roster_period.c.is_cell_committee,
        roster_period.c.is_employer,
        roster_period.c.started_on,
    )
    .join(union_group, union_group.c.id == roster_period.c.group_id)
    .where(roster_period.c.member_id == _ME)
    .order_by(roster_period.c.since, roster_period.c.id),
    # The file itself is had beside this one.
    "training": select(
        training.c.course,
        training.c.held_on,
        training.c.certificate,
        attachment.c.name.label("certificate_file"),
    )
    .outerjoin(attachment, attachment.c.id == training.c.attachment_id)
    .where(training.c.member_id == _ME)
    .order_by(training.c.held_on),
    # Their applications to be admitted to the union.
    "admissions": select(
        admission.c.state,
        admission.c.wording_hash,
        admission.c.begun_at,
        admission.c.signed_on,
        admission.c.decision,
        admission.c.decided_on,
        admission.c.reason,
        admission.c.changed_at,
    )
    .where(admission.c.member_id == _ME)
    .order_by(admission.c.id),
    "accounts": select(
        account.c.channel, account.c.address, account.c.linked_at, account.c.unreachable, account.c.created_at
    )
    .where(account.c.member_id == _ME)
    .order_by(account.c.id),
    "consents": select(account.c.channel, consent.c.wording_hash, consent.c.given_at, consent.c.withdrawn_at)
    .join(account, account.c.id == consent.c.account_id)
    .where(consent.c.member_id == _ME)
    .order_by(consent.c.id),
    "invitations": select(
        invitation.c.created_at, invitation.c.expires_at, invitation.c.used_at, invitation.c.revoked_at
    )
    .where(invitation.c.member_id == _ME)
    .order_by(invitation.c.id),
    "studies": select(
        campaign.c.title,
        study.c.card,
        study.c.version_hash,
        study.c.opened_at,
        study.c.acknowledged_at,
        study.c.best_score,
        study.c.passed_at,
        study.c.waived_at,
        study.c.credit,
        study.c.credited_at,
    )
    .join(campaign, campaign.c.id == study.c.campaign_id)
    .where(study.c.member_id == _ME)
    .order_by(study.c.campaign_id),
    "certificates": select(
        certificate.c.number.label("certificate"),
        campaign.c.title,
        certificate.c.version_hash,
        certificate.c.full_name,
        certificate.c.passed_at,
        certificate.c.token,
        certificate.c.issued_at,
        certificate.c.revoked_at,
        certificate.c.reason,
    )
    .join(campaign, campaign.c.id == certificate.c.campaign_id)
    .where(certificate.c.member_id == _ME)
    .order_by(certificate.c.number),
    "quiz_attempts": select(
        campaign.c.title,
        quiz_attempt.c.number,
        quiz_attempt.c.version_hash,
        quiz_attempt.c.questions,
        quiz_attempt.c.answers,
        quiz_attempt.c.score,
        quiz_attempt.c.started_at,
        quiz_attempt.c.finished_at,
    )
    .join(campaign, campaign.c.id == quiz_attempt.c.campaign_id)
    .where(quiz_attempt.c.member_id == _ME)
    .order_by(quiz_attempt.c.id),
    "evidence": select(
        evidence.c.id.label("number"),
        evidence.c.kind,
        campaign.c.title,
        evidence.c.version_hash,
        evidence.c.statement_hash,
        evidence.c.channel,
        evidence.c.attempts,
        evidence.c.details,
        evidence.c.at,
        evidence_seal.c.hash.label("seal"),
        evidence.c.personal,
        person_key.c.secret,
    )
    .outerjoin(campaign, campaign.c.id == evidence.c.campaign_id)
    .outerjoin(evidence_seal, evidence_seal.c.evidence_id == evidence.c.id)
    .outerjoin(person_key, person_key.c.fingerprint == evidence.c.person_key)
    .where(evidence.c.member_id == _ME)
    .order_by(evidence.c.id),
    # The keys of what stands sealed in them, without the secrets: the file would outlive them.
    "evidence_keys": select(person_key.c.fingerprint, person_key.c.made_at)
    .where(person_key.c.member_id == _ME)
    .order_by(person_key.c.made_at),
    # What an officer entered for others, without saying for whom.
    "entered": select(evidence.c.kind, campaign.c.title, evidence.c.channel, evidence.c.at)
    .outerjoin(campaign, campaign.c.id == evidence.c.campaign_id)
    .where(evidence.c.actor_id == _ME, evidence.c.member_id != _ME)
    .order_by(evidence.c.id),
    # Announcements of which they said that they took note.
    "noted": select(announcement_receipt.c.announcement_id.label("announcement"), announcement_receipt.c.at)
    .where(announcement_receipt.c.member_id == _ME)
    .order_by(announcement_receipt.c.announcement_id),
    # Announcements that didn't reach them, of which an officer told them in person.
    "told": select(announcement_told.c.announcement_id.label("announcement"), announcement_told.c.at)
    .where(announcement_told.c.member_id == _ME)
    .order_by(announcement_told.c.announcement_id),
    # `number` counts the answers from 1.
    "poll_answers": select(
        announcement.c.text, poll.c.options, (poll_answer.c.option + 1).label("number"), poll_answer.c.at
    )
    .join(poll, poll.c.announcement_id == poll_answer.c.announcement_id)
    .join(announcement, announcement.c.id == poll_answer.c.announcement_id)
    .where(poll_answer.c.member_id == _ME)
    .order_by(poll_answer.c.announcement_id),
    "poll_votes": select(announcement.c.text)
    .join(poll_voter, poll_voter.c.announcement_id == announcement.c.id)
    .where(poll_voter.c.member_id == _ME)
    .order_by(announcement.c.id),
    # Themes of which they said what they think; what, nobody knows.
    "theme_votes": select(theme.c.title)
    .join(theme_voter, theme_voter.c.theme_id == theme.c.id)
    .where(theme_voter.c.member_id == _ME)
    .order_by(theme.c.id),
    # Answers that they gave to themes for the employer's side.
    "theme_replies": select(theme.c.title, theme.c.reply.label("text"), theme.c.replied_at.label("at"))
    .where(theme.c.replied_by == _ME)
    .order_by(theme.c.id),
    "representing": select(dialogue_list.c.made_on, dialogue_representative.c.position)
    .join(dialogue_list, dialogue_list.c.id == dialogue_representative.c.list_id)
    .where(dialogue_representative.c.member_id == _ME)
    .order_by(dialogue_list.c.id),
    # What they said about coming to a meeting.
    "meeting_answers": select(
        meeting.c.title.label("meeting"),
        meeting_occurrence.c.starts_at.label("begins_at"),
        meeting_answer.c.is_coming,
        meeting_answer.c.reason,
        meeting_answer.c.at,
    )
    .join(meeting_occurrence, meeting_occurrence.c.id == meeting_answer.c.occurrence_id)
    .join(meeting, meeting.c.id == meeting_occurrence.c.meeting_id)
    .where(meeting_answer.c.member_id == _ME)
    .order_by(meeting_occurrence.c.starts_at),
    "preferences": select(
        preference.c.wants_holidays,
        preference.c.wants_commemorations,
        preference.c.greeting_hour,
        preference.c.quiet_from,
        preference.c.quiet_until,
        preference.c.has_own_leads,
        preference.c.channel.label("preferred_channel"),
        preference.c.changed_at,
    ).where(preference.c.member_id == _ME),
    "preferred_leads": select(preferred_lead.c.minutes)
    .where(preferred_lead.c.member_id == _ME)
    .order_by(preferred_lead.c.minutes.desc()),
    "calendar_links": select(calendar_link.c.created_at, calendar_link.c.revoked_at)
    .where(calendar_link.c.member_id == _ME)
    .order_by(calendar_link.c.created_at),
    "attended": select(
        meeting.c.title.label("meeting"),
        meeting_occurrence.c.starts_at.label("started_at"),
        meeting_attendance.c.is_present,
        meeting_attendance.c.how,
        meeting_attendance.c.note,
        meeting_attendance.c.at,
    )
    .join(meeting_occurrence, meeting_occurrence.c.id == meeting_attendance.c.occurrence_id)
    .join(meeting, meeting.c.id == meeting_occurrence.c.meeting_id)
    .where(meeting_attendance.c.member_id == _ME)
    .order_by(meeting_occurrence.c.starts_at),
    # Wrong check-in codes.
    "check_in_tries": select(check_in_try.c.wrong, check_in_try.c.blocked_until).where(
        check_in_try.c.member_id == _ME
    ),
    # Their keys for reading concerns: the public halves, and the private ones as their browser wrapped them.
    "concern_readers": select(
        concern_reader.c.recipient,
        concern_reader.c.wrapped,
        concern_reader.c.state,
        concern_reader.c.asked_at,
        concern_reader.c.let_in_at,
        concern_reader.c.removed_at,
    )
    .where(concern_reader.c.member_id == _ME)
    .order_by(concern_reader.c.id),
    "desk_links": select(desk_link.c.expires_at, desk_link.c.used_at).where(desk_link.c.member_id == _ME),
    "desk_sessions": select(desk_session.c.created_at, desk_session.c.seen_at)
    .where(desk_session.c.member_id == _ME)
    .order_by(desk_session.c.created_at),
    # Without its secret: who has the file could come in with it.
    "desk_factor": select(
        desk_factor.c.is_set, desk_factor.c.wrong, desk_factor.c.blocked_until, desk_factor.c.made_at
    ).where(desk_factor.c.member_id == _ME),
    "desk_acts": select(desk_act.c.at, desk_act.c.act, desk_act.c.subject, desk_act.c.details)
    .where(desk_act.c.member_id == _ME)
    .order_by(desk_act.c.id),
    "messages": select(
        outbox.c.topic,
        outbox.c.state,
        func.coalesce(
            outbox.c.message["text"].as_string(), shared_message.c.message["text"].as_string()
        ).label("text"),
        outbox.c.created_at,
        outbox.c.finished_at,
    )
    .outerjoin(shared_message, shared_message.c.id == outbox.c.shared_id)
    .where(outbox.c.member_id == _ME, outbox.c.priority != int(Priority.REPLY))
    .order_by(outbox.c.id),
    "web_messages": select(web_message.c.at, web_message.c.author, web_message.c.html.label("text"))
    .join(account, account.c.id == web_message.c.account_id)
    .where(account.c.member_id == _ME)
    .order_by(web_message.c.account_id, web_message.c.place),
}


async def studies(tx: Transaction, member_id: int) -> list[Studied]:
    """The latest campaign first."""
    return [Studied(*tuple(row)) for row in await tx.all(_STUDIES, {"b_member": member_id})]


async def about(tx: Transaction, member_id: int) -> dict[str, list[dict[str, Any]]]:
    """Rows by section, as column name to value; texts of messages are the markup they were sent in."""
    found = {
        name: [row._asdict() for row in await tx.all(statement, {"b_member": member_id})]
        for name, statement in _SECTIONS.items()
    }
    return {**found, "evidence": [_opened(row) for row in found["evidence"]]}


def _opened(row: dict[str, Any]) -> dict[str, Any]:
    """An entry of the evidence with its personal fields among the others."""
    personal, secret = row.pop("personal"), row.pop("secret")
    if personal is None or secret is None:
        return row
    fields = person_keys.opened(secret, personal)
    details = {**json.loads(row["details"]), **fields}
    statement_hash = details.pop("statement_hash", None)
    return {**row, "statement_hash": statement_hash, "details": details}
