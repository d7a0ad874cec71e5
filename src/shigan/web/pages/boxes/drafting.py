"""A new evaluation: preset, unit, classes and times become `draft.json` and `names.json`; nothing is kept."""

from __future__ import annotations

import io
import json
import secrets
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext

from shigan.box import manifest as manifests
from shigan.box import names as naming_files
from shigan.box import presets
from shigan.box.refusals import Refused
from shigan.facts.units import UnitKind
from shigan.policy import Rulebook, Scheme
from shigan.policy.schemes import Subject
from shigan.web import naming, rights, store
from shigan.web.pages.acts import datalists, found
from shigan.web.pages.appraisal import reading
from shigan.web.pages.boxes import published
from shigan.web.pages.boxes.draft_forms import LETTERS, Choice, Classes, DraftForm, agree
from shigan.work.boxes.rules import CODED, RULED
from shigan.work.boxes.state import COUNTY_ZONE
from shigan.work.units import IN_POST, Person, Unit

COLOURS = dict(zip(LETTERS, ("red", "blue", "green"), strict=True))
SPARE_PERCENT, SPARE_LEAST = 20, 5
"""Slips beyond 应到: for torn ones, and for the canaries that the scrutineers draw."""


def choose(request: HttpRequest) -> HttpResponse:
    """Choose the sheet and the unit."""
    rights.require(request.user, "BoxOpened")
    form = Choice(request.GET if "preset" in request.GET else None, label_suffix="")
    if form.is_bound and form.is_valid():
        return redirect("box_draft", form.cleaned_data["preset"], form.cleaned_data["unit"])
    context = {"section": "boxes", "form": form, "datalists": datalists(form)}
    return render(request, "boxes/choose.html", context, status=422 if form.errors else 200)


def draft(request: HttpRequest, preset: str, unit: str) -> HttpResponse:
    """The rest of the manifest; the answer is a ZIP file with both JSON files."""
    state = found(unit)
    if preset not in presets.PRESETS or not isinstance(state, Unit):
        raise Http404(preset)
    rights.require(request.user, "BoxOpened", unit)
    rules = store.rulebook()
    form = DraftForm(request.POST or None, initial=_initial(preset, state), label_suffix="")
    for name in _unused(preset):
        del form.fields[name]
    for name in _needed(preset):
        form.fields[name].required = True
    classes = Classes(request.POST or None, initial=_voters(preset, state, rules), prefix="voters")
    if (
        request.method == "POST"
        and form.is_valid()
        and classes.is_valid()
        and agree(form, classes.cleaned_data)
    ):
        try:
            made = _draft(preset, state, form.cleaned_data, classes.cleaned_data, rules)
            manifests.read(made["draft"], draft=True)
            return _zipped(made)
        except Refused as refused:
            form.add_error(None, refused.said("en" if get_language() == "en" else "zh"))
    context = {
        "section": "boxes", "form": form, "classes": list(zip(LETTERS, classes, strict=False)),
        "management": classes.management_form, "title": presets.PRESETS[preset], "unit": state,
        "rules": published.rules(),
    }  # fmt: skip
    return render(request, "boxes/draft.html", context, status=422 if request.method == "POST" else 200)


def _unused(preset: str) -> tuple[str, ...]:
    if preset == "recommendation":
        return ()
    return ("post", "most", "targets") if preset == "team" else ("post", "most")


def _needed(preset: str) -> tuple[str, ...]:
    return {
        "recommendation": ("targets", "post", "most"),
        "officials": ("targets",),
        "annual": ("targets",),
    }.get(preset, ())


def _initial(preset: str, unit: Unit) -> dict[str, object]:
    year = reading.this_year()
    title = f"{naming.name(unit.subject)}{year}年度{presets.PRESETS[preset]}"
    people = [] if preset == "report" else _team(unit.subject)
    lines = "\n".join(f"{code} {naming.name(code)}" for code in people)
    return {
        "code": store.next_code("B", 4), "title": title, "session": f"{year}年度考核测评会", "targets": lines,
        "most": 3, "needed": 0, "comments": False,
    }  # fmt: skip


def _team(unit: str) -> list[str]:
    states = map(store.read_state, store.listing("P").filter(unit=unit, stage=IN_POST))
    people = [p for p in states if isinstance(p, Person) and p.in_team]
    return [person.subject for person in sorted(people, key=reading.roster_order)]


def _scheme(unit: Unit, subject: Subject, rules: Rulebook) -> Scheme | None:
    """The county's scheme for such a unit: its items, options and classes are those of the sheet."""
    fitting = rules.schemes.fitting(UnitKind(unit.source), subject)
    return fitting[0] if fitting else next((s for s in rules.schemes.schemes if s.subject is subject), None)


def _voters(preset: str, unit: Unit, rules: Rulebook) -> list[dict[str, object]]:
    """The classes of the scheme with their weights; those of a meeting are one."""
    if preset in ("recommendation", "report"):
        return [{"name": gettext("参会人员"), "weight": 100}]
    subject = Subject.TEAM if preset == "team" else Subject.LEADER
    scheme = _scheme(unit, subject, rules)
    return [{"name": v.words, "weight": int(v.weight * 100)} for v in scheme.voters] if scheme else []


def _parts(preset: str, unit: Unit, told: dict[str, Any], rules: Rulebook) -> presets.Parts:
    people: Sequence[str] = told.get("targets", ())
    if preset == "recommendation":
        return presets.recommendation(people, told["most"] or 1, told["post"] or gettext("（未写岗位）"))
    if preset == "report":
        return presets.report(people)
    team, leader = _scheme(unit, Subject.TEAM, rules), _scheme(unit, Subject.LEADER, rules)
    parts: presets.Parts = []
    if team and preset in ("team", "annual"):
        parts += presets.team(unit.subject, *_sheet(team))
    if leader and preset in ("officials", "annual"):
        parts += presets.officials(people, *_sheet(leader), id="b" if parts else "a")
    return parts


def _sheet(scheme: Scheme) -> tuple[list[str], list[str]]:
    return [item.name for item in scheme.sheet], [option.name for option in scheme.options]


def _classes(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The classes of the manifest; one that is too small goes with the next larger one."""
    kept = [(letter, row) for letter, row in zip(LETTERS, rows, strict=False) if row.get("expected")]
    by_size = [letter for letter, row in sorted(kept, key=lambda pair: pair[1]["expected"])]
    pool = dict(pairwise(by_size))
    return [
        {
            "id": letter, "name": row["name"] or letter, "colour": COLOURS[letter],
            "weight": row["weight"] or 0, "expected": row["expected"],
            "slips": row["expected"] + SPARE_LEAST + -(-row["expected"] * SPARE_PERCENT // 100),
            "tokens": row["tokens"], "pool": pool.get(letter, ""),
        }
        for letter, row in kept
    ]  # fmt: skip


def _draft(
    preset: str, unit: Unit, told: dict[str, Any], rows: Sequence[dict[str, Any]], rules: Rulebook
) -> dict[str, Any]:
    """`draft` and `names`, as they are written into the ZIP file."""
    parts, salt = _parts(preset, unit, told, rules), secrets.token_bytes(32)
    known = {code: _named(code) for code in _codes(parts, unit.subject, told["scrutineers"])}
    made = {
        "format": manifests.FORMAT, "election": told["code"], "title": told["title"], "unit": unit.subject,
        "session": told["session"], "preset": preset, "parts": parts, "comments": told["comments"],
        "classes": _classes(rows), "issue_from": _moment(told["issue_from"]),
        "issue_to": _moment(told["issue_to"]), "opens": _moment(told["opens"]),
        "closes": _moment(told["closes"]), "look_minutes": 30,
        "rule": {key: int(getattr(rules.publication, key).value) for key in RULED},
        "names": naming_files.bound(salt, known), "scrutineers": told["scrutineers"],
        "needed": told["needed"], "origin": told["origin"],
    }  # fmt: skip
    return {"draft": made, "names": {"salt": salt.hex(), "names": known}}


def _codes(parts: presets.Parts, unit: str, scrutineers: Sequence[dict[str, str]]) -> Iterator[str]:
    words = [unit, *(each["name"] for each in scrutineers)]
    for part in parts:
        words += [*part.get("targets", ()), *part.get("choices", ())]
    yield from (word for word in dict.fromkeys(words) if CODED.fullmatch(word))


def _named(code: str) -> dict[str, str]:
    return {"name": naming.name(code), "post": naming.post(code)}


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(COUNTY_ZONE).isoformat(timespec="minutes") if moment else ""


def _zipped(made: dict[str, Any]) -> HttpResponse:
    code, packed = made["draft"]["election"], io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("draft", "names"):
            text = json.dumps(made[name], ensure_ascii=False, indent=1, sort_keys=True)
            archive.writestr(f"{code}/{name}.json", text)
    name = gettext("评议方案") + f"-{code}.zip"
    header = content_disposition_header(True, name)
    return HttpResponse(
        packed.getvalue(), content_type="application/zip", headers={"Content-Disposition": str(header)}
    )
