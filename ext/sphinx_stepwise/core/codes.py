"""Every rule of the toolkit by name, and how much a finding of it matters.

Imports nothing of the package.  The value of a member of :class:`Code` is the Sphinx
warning subtype (``[stepwise.<value>]``) and the name of its smallest failing example
under ``ext/sphinx_stepwise/examples/``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Self


class Severity(StrEnum):
    """How much a finding matters; only an error fails a check or a build."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    #: Not shown, but still counted: nothing passes in silence.
    OFF = "off"


class Code(StrEnum):
    """Every rule: its name, its severity unless set otherwise, and its reason."""

    severity: Severity
    reason: str

    def __new__(
        cls, value: str, reason: str, severity: Severity = Severity.ERROR
    ) -> Self:
        """Keep the default severity and the reason beside the name."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.severity = severity
        member.reason = reason
        return member

    FILE_UNREADABLE = (
        "file_unreadable",
        "A page or data file must be UTF-8 text of bounded size inside the source "
        "folder, or nobody can check it.",
    )
    FRONT_MATTER_MISSING = (
        "front_matter_missing",
        "Without front matter a page has no kind, title or place in the toolkit.",
    )
    FRONT_MATTER_NOT_FIRST = (
        "front_matter_not_first",
        "Front matter counts only on the very first line; lower down it is shown "
        "to readers as text.",
    )
    FRONT_MATTER_UNCLOSED = (
        "front_matter_unclosed",
        "Without its closing line the whole page would be read as front matter.",
    )
    FRONT_MATTER_YAML = (
        "front_matter_yaml",
        "The block is not plain YAML, so nothing in it can be relied on.",
    )
    FRONT_MATTER_DUPLICATE_KEY = (
        "front_matter_duplicate_key",
        "YAML would keep one of the two values in silence and lose the other.",
    )
    FRONT_MATTER_AMBIGUOUS = (
        "front_matter_ambiguous",
        "YAML readers disagree about this spelling: `no` may be false, `1.10` may "
        "be 1.1, `12:30` may be 750.",
    )
    KIND_UNKNOWN = (
        "kind_unknown",
        "The kind decides which schema and which place in the toolkit a page has.",
    )
    SCHEMA = (
        "schema",
        "The schema of the page's kind or the record's collection says which keys "
        "there are and what they may hold.",
    )
    TITLE_REPEATED = (
        "title_repeated",
        "The title is written once, in front matter; a second one drifts from it.",
    )
    SECTION_MISSING = (
        "section_missing",
        "Readers find their way because pages of one kind have the same sections.",
    )
    SECTION_ORDER = (
        "section_order",
        "Readers find their way because sections come in the same order everywhere.",
    )
    ID_DUPLICATE = (
        "id_duplicate",
        "An id names one page or record; with two, every link to it is a guess.",
    )
    TITLE_DUPLICATE = (
        "title_duplicate",
        "Readers cannot tell two pages of one title apart in menus and search.",
    )
    TOOLKIT_MISSING = (
        "toolkit_missing",
        "The toolkit's own page lists the stages; without it nothing has a place.",
    )
    TOOLKIT_DUPLICATE = (
        "toolkit_duplicate",
        "There is one toolkit; a second list of stages would contradict the first.",
    )
    REFERENCE_UNKNOWN = (
        "reference_unknown",
        "The id names nothing, so a reader would meet a dead end.",
    )
    REFERENCE_SELF = (
        "reference_self",
        "A page that points at itself sends the reader in a circle.",
    )
    REFERENCE_WRONG_KIND = (
        "reference_wrong_kind",
        "The id names something of another kind, which cannot stand in this place.",
    )
    STAGE_UNLISTED = (
        "stage_unlisted",
        "A stage that the toolkit does not list cannot be reached.",
    )
    STAGE_EMPTY = ("stage_empty", "A stage without steps leads nowhere.")
    STEP_UNLISTED = (
        "step_unlisted",
        "A step that no stage lists has no Back, no Forward and no number.",
    )
    STEP_IN_TWO_STAGES = (
        "step_in_two_stages",
        "A step has one place in the canonical order; guidebooks may share it.",
    )
    TRACK_DUPLICATE_STEP = (
        "track_duplicate_step",
        "A step listed twice would be its own neighbour, and Next would loop.",
    )
    TRACK_COUNT = (
        "track_count",
        "The number that a title promises must be the number that readers find.",
    )
    TRACK_ORDER = (
        "track_order",
        "A guidebook that runs against the stages sends readers back and forth; "
        "where that is meant, `order_reason` says why.",
    )
    GUIDEBOOK_UNLISTED = (
        "guidebook_unlisted",
        "A guidebook that the toolkit does not list cannot be found.",
    )
    GUIDEBOOK_EMPTY = ("guidebook_empty", "A guidebook without steps leads nowhere.")
    PAGE_UNREACHABLE = (
        "page_unreachable",
        "A page that no list names cannot be reached from the toolkit's home.",
    )
    PAGE_IN_TWO_LISTS = (
        "page_in_two_lists",
        "A page has one parent, or its breadcrumb is a guess.",
    )
    RECORD_UNUSED = (
        "record_unused",
        "A record that nothing refers to is forgotten, and then wrong.",
        Severity.WARNING,
    )
    RECORD_DATES = (
        "record_dates",
        "A record that ends before it begins never holds.",
    )
    RECORD_EXPIRING = (
        "record_expiring",
        "The record's last day is near: find out what comes after it.",
        Severity.INFO,
    )
    RECORD_EXPIRED = (
        "record_expired",
        "The record's last day is past: what readers are told may be wrong.",
        Severity.WARNING,
    )
    REVIEW_DUE = (
        "review_due",
        "The day of the next review is near.",
        Severity.INFO,
    )
    REVIEW_OVERDUE = (
        "review_overdue",
        "Nobody has looked at it for longer than its owner promised.",
        Severity.WARNING,
    )
    REDIRECT_LOOP = (
        "redirect_loop",
        "A redirect that comes back to itself never shows a page.",
    )
    REDIRECT_TARGET_MISSING = (
        "redirect_target_missing",
        "A redirect to a page that is not there is a dead end.",
    )
    REDIRECT_OVER_PAGE = (
        "redirect_over_page",
        "A redirect at the address of a page would replace the page.",
    )
    REDIRECT_TWICE = (
        "redirect_twice",
        "An old address can lead to one page only.",
    )
    ADDRESS_REMOVED = (
        "address_removed",
        "Readers and other sites still use the address: it must lead somewhere.",
    )
    FILE_MISSING = (
        "file_missing",
        "Front matter names a file that readers would not find.",
    )
    LINK_BROKEN = (
        "link_broken",
        "Links are http, https or mailto addresses, or files of the toolkit; "
        "anything else is unsafe or broken.",
    )


#: What one file says is enough for these, with the settings, the schemas and the day:
#: no change of another file can cause or mend them.
OF_ONE_FILE: Final = frozenset(
    {
        Code.FILE_UNREADABLE,
        Code.FRONT_MATTER_MISSING,
        Code.FRONT_MATTER_NOT_FIRST,
        Code.FRONT_MATTER_UNCLOSED,
        Code.FRONT_MATTER_YAML,
        Code.FRONT_MATTER_DUPLICATE_KEY,
        Code.FRONT_MATTER_AMBIGUOUS,
        Code.KIND_UNKNOWN,
        Code.SCHEMA,
        Code.TITLE_REPEATED,
        Code.SECTION_MISSING,
        Code.SECTION_ORDER,
        Code.REFERENCE_SELF,
        Code.STAGE_EMPTY,
        Code.TRACK_DUPLICATE_STEP,
        Code.GUIDEBOOK_EMPTY,
        Code.RECORD_DATES,
        Code.RECORD_EXPIRING,
        Code.RECORD_EXPIRED,
        Code.REVIEW_DUE,
        Code.REVIEW_OVERDUE,
        Code.LINK_BROKEN,
    }
)

#: What two files say is enough for these: that of the place and that of the other end.
OF_BOTH_ENDS: Final = frozenset(
    {
        Code.ID_DUPLICATE,
        Code.TITLE_DUPLICATE,
        Code.TOOLKIT_DUPLICATE,
        Code.STEP_IN_TWO_STAGES,
        Code.PAGE_IN_TWO_LISTS,
        Code.REDIRECT_OVER_PAGE,
        Code.REDIRECT_TWICE,
    }
)
