"""Quick fixes: the mends that findings carry, where what they replace still stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from sphinx_stepwise.lsp.editing import workspace_edit

if TYPE_CHECKING:
    from sphinx_stepwise.core.diagnostics import Diagnostic
    from sphinx_stepwise.lsp.session import Session


async def code_actions(
    session: Session, params: types.CodeActionParams
) -> list[types.CodeAction] | None:
    """Return what would mend the findings in a range."""
    # Asked by itself at every move of the cursor, it must not begin a look each time.
    asked = params.context.trigger_kind is not types.CodeActionTriggerKind.Automatic
    look = await session.fresh() if asked else session.look
    addresses = session.addresses
    path = addresses.path(params.text_document.uri) if addresses else None
    only = params.context.only
    if path is None or (only and types.CodeActionKind.QuickFix not in only):
        return None
    findings = [d for d in look.report.diagnostics if d.location.path == path]
    return [
        types.CodeAction(
            title=_title(finding),
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[shown],
            is_preferred=True,
            edit=edit,
        )
        for finding, shown in zip(findings, look.findings.get(path, ()), strict=False)
        if finding.edits and _meet(shown.range, params.range)
        if (edit := workspace_edit(session, finding.edits))
    ]


def _title(finding: Diagnostic) -> str:
    first = finding.edits[0]
    if len(finding.edits) == 1 and first.old and first.new and "\n" not in first.new:
        return f"Change `{first.old}` to `{first.new}`"
    return finding.hint or finding.message


def _meet(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end
