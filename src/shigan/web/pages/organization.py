"""组织: the tree, a unit, a person, a comparison group; founding, posting, correcting names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts import Fact
from shigan.facts.appraisal import SanctionImposed
from shigan.facts.faults import Fault
from shigan.facts.readings import FilePart
from shigan.facts.units import GroupFormed, PersonLeft, PersonPosted, UnitChanged, UnitClosed, UnitFounded
from shigan.web import naming, opening, rights, store
from shigan.web.forms import CodeField, FactForm, form_for
from shigan.web.links import link
from shigan.web.models import NameRow, StateRow
from shigan.web.pages.acts import author, datalists, found, possible, record, spent
from shigan.work.problems import OPEN
from shigan.work.state import State
from shigan.work.tasks import FINISHED
from shigan.work.units import CLOSED, IN_POST, Group, Person, Unit

_INPUT = {"class": "form-control"}


@dataclass(frozen=True)
class Row:
    """One unit in a list. Problems are those of the unit and all below it."""

    code: str
    kind: str
    group: str
    closed: bool
    below: int
    people: int
    open: int
    late: int


@dataclass(frozen=True)
class Tree:
    """The units that an account sees, and what stands at each."""

    units: dict[str, StateRow]
    children: dict[str, list[str]]
    people: Counter[str]
    open: Counter[str]
    late: Counter[str]

    def row(self, code: str) -> Row:
        """A unit with its counts."""
        unit, below = self.units[code], self.below(code)
        return Row(
            code, unit.source, unit.topic, unit.stage == CLOSED, len(below) - 1, self.people[code],
            sum(self.open[each] for each in below), sum(self.late[each] for each in below),
        )  # fmt: skip

    def below(self, code: str) -> list[str]:
        """The unit and everything under it."""
        return [code, *(each for child in self.children.get(code, ()) for each in self.below(child))]

    def tops(self) -> list[str]:
        """The units whose parent the account does not see."""
        return [code for code, unit in self.units.items() if unit.origin not in self.units]


def tree(user: Any) -> Tree:
    """The tree in four queries, however large."""
    units = {row.pk: row for row in rights.visible_to(user, store.listing("U")).order_by("pk")}
    children: dict[str, list[str]] = {}
    for code, unit in units.items():
        children.setdefault(unit.origin, []).append(code)
    problems = rights.visible_to(user, store.listing("Q").filter(stage__in=OPEN))
    return Tree(
        units, children, _per_unit(store.listing("P").filter(stage=IN_POST)), _per_unit(problems),
        _per_unit(problems.filter(due__lt=timezone.localdate())),
    )  # fmt: skip


def _per_unit(rows: QuerySet[StateRow]) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list("unit").annotate(n=Count("pk"))))


def organization(request: HttpRequest) -> HttpResponse:
    """The top of the tree and what is directly below it, by kind of unit."""
    rights.require(request.user, "see:U")
    whole = tree(request.user)
    tops = whole.tops()
    shown = [*tops, *(child for top in tops for child in whole.children.get(top, ()))]
    by_kind: dict[str, list[Row]] = {}
    for code in shown:
        by_kind.setdefault(whole.units[code].source, []).append(whole.row(code))
    return render(
        request, "organization/tree.html",
        {
            "section": "organization", "by_kind": list(by_kind.items()), "total": len(whole.units),
            "groups": _groups(request.user), "may_found": rights.may(request.user, "UnitFounded"),
        },
    )  # fmt: skip


def _groups(user: Any) -> list[State]:
    if not rights.may(user, "see:G"):
        return []
    return [store.read_state(row) for row in store.listing("G").order_by("pk")]


def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: what is below it, who is in post, its problems and tasks, its history."""
    state = _found(code, Unit)
    rights.require(request.user, "see:U", state)
    whole, user = tree(request.user), request.user
    acts = possible(user, state, (UnitChanged, UnitClosed), open_first=False)
    may_people = rights.may(user, "see:P", state)
    people = store.listing("P").filter(unit=code, stage=IN_POST).order_by("pk") if may_people else ()
    counts = StateRow.objects.filter(unit=code).aggregate(
        problems=Count("pk", Q(key="Q", stage__in=OPEN)), tasks=Count("pk", Q(key="T") & ~Q(stage=FINISHED))
    )
    return render(
        request, "organization/unit.html",
        {
            "section": "organization", "unit": state, "row": whole.row(code) if code in whole.units else None,
            "rows": [whole.row(child) for child in whole.children.get(code, ())], "counts": counts,
            "people": [store.read_state(row) for row in people], "may_people": may_people,
            "entries": list(store.entries(code, kinds=["UnitFounded", "UnitChanged", "UnitClosed"])),
            "acts": acts,
            "may_name": rights.may(user, "UnitFounded", state),
            "may_post": rights.may(user, "PersonPosted", state), "datalists": datalists(*acts),
        },
    )  # fmt: skip


def person(request: HttpRequest, code: str) -> HttpResponse:
    """One person: post, group, years of appraisal, history; the person sees the same."""
    state, user = _found(code, Person), request.user
    rights.require(user, "see:P", state)
    if asked := opening.gate(request, code, FilePart.PERSON):
        return asked
    years = store.listing("P/").filter(pk__startswith=f"{code}/").order_by("-pk")
    acts = possible(user, state, (PersonLeft, SanctionImposed), open_first=False)
    entries = _own_entries(code)
    shown = [entry for entry in entries if rights.reads(user, entry)]
    return render(
        request, "organization/person.html",
        {
            "section": "organization", "person": state, "entries": shown, "code": code,
            "hidden": len(entries) - len(shown),
            "years": [(pk.split("/")[1], link(pk)) for pk in years.values_list("pk", flat=True)],
            "acts": acts,
            "may_name": rights.may(user, "PersonPosted", state), "datalists": datalists(*acts),
        },
    )  # fmt: skip


def _own_entries(code: str) -> list[Any]:
    return [entry for entry in store.entries(code) if "/" not in entry.subject]


def members(request: HttpRequest, code: str) -> HttpResponse:
    """One comparison group: why these can be compared, and who is in it."""
    state = _found(code, Group)
    rights.require(request.user, "see:G", state)
    those = StateRow.objects.filter(topic=code, key__in="UP").exclude(stage="已离任").order_by("key", "pk")
    years = store.listing("G/").filter(pk__startswith=f"{code}/").order_by("-pk")
    return render(
        request, "organization/group.html",
        {
            "section": "organization", "group": state, "members": those,
            "years": [(pk.split("/")[1], link(pk)) for pk in years.values_list("pk", flat=True)],
        },
    )  # fmt: skip


def _found(code: str, cls: type[State]) -> Any:
    state = found(code)
    if not isinstance(state, cls):
        raise Http404(code)
    return state


class NameForm(forms.Form):
    """The name behind a code, kept outside the ledger so that it can be corrected."""

    name = forms.CharField(label=_("名称"), max_length=60, widget=forms.TextInput(_INPUT))
    post = forms.CharField(label=_("职务"), max_length=80, required=False, widget=forms.TextInput(_INPUT))

    def __init__(self, *args: Any, letter: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if letter == "P":
            self.fields["name"].label = _("姓名")
        else:
            del self.fields["post"]


def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a name; the ledger knows only the code and stays as it is."""
    state = found(code)
    if code[0] not in "UPG" or "/" in code:
        raise Http404(code)
    rights.require(request.user, "PersonPosted" if code[0] == "P" else "UnitFounded", state)
    row = NameRow.objects.filter(pk=code).first() or NameRow(code=code)
    form = NameForm(request.POST or None, letter=code[0], initial={"name": row.name, "post": row.post})
    if request.method == "POST" and form.is_valid():
        _name(code, form.cleaned_data)
        messages.success(request, gettext("已更正。"))
        return redirect(link(code))
    context = {"form": form, "title": gettext("更正名称"), "button": gettext("更正"), "back": link(code)}
    return _form_page(request, context)


def _name(code: str, given: dict[str, Any]) -> None:
    NameRow.objects.update_or_create(
        code=code, defaults={"name": given["name"], "post": given.get("post", "")}
    )
    naming.forget()


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    context |= {"section": "organization", "datalists": datalists(context.get("form"))}
    return render(request, "organization/form.html", context, status=422 if context["form"].errors else 200)


def _named_form(kind: type[Fact], request: HttpRequest, letter: str, **initial: Any) -> FactForm:
    """The form of a first fact with the name that goes beside it, and the groups to choose from."""
    form = form_for(kind)(  # classes do hash
        request.POST or None, state=None, rules=store.rulebook(), initial=initial
    )
    extra = NameForm(letter=letter).fields
    form.fields.update(extra)
    if "group" in form.fields:
        groups = [(g.subject, naming.name(g.subject)) for g in map(store.read_state, store.listing("G"))]
        form.fields["group"] = forms.ChoiceField(
            label=_("考核单元"), required=False, choices=[("", "—"), *groups],
            widget=forms.Select({"class": "form-select"}),
        )  # fmt: skip
    form.order_fields([*extra, *(key for key in form.fields if key not in extra)])
    return form


def _first(request: HttpRequest, form: FactForm, code: str, unit_code: str) -> bool:
    """Write a first fact and its name together."""
    try:
        with transaction.atomic():
            record(request, [form.draft(code, unit_code)])
            _name(code, form.cleaned_data)
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return False
    spent(request, form)
    messages.success(request, gettext("已登记：{code} {name}").format(code=code, name=naming.name(code)))
    return True


def new_unit(request: HttpRequest) -> HttpResponse:
    """Found a unit."""
    rights.require(request.user, "UnitFounded")
    form = _named_form(UnitFounded, request, "U", parent=request.GET.get("parent", ""))
    if request.method == "POST" and form.is_valid():
        rights.require(request.user, "UnitFounded", form.cleaned_data["parent"] or None)
        if _first(request, form, code := store.next_code("U", 3), code):
            return redirect("unit", code)
    return _form_page(request, {"form": form, "title": gettext("登记单位"), "button": gettext("登记")})


def new_group(request: HttpRequest) -> HttpResponse:
    """Form a comparison group."""
    rights.require(request.user, "GroupFormed")
    form = _named_form(GroupFormed, request, "G")
    code = store.next_code("G", 2)
    own_unit = author(request.user).by_unit
    if request.method == "POST" and form.is_valid() and _first(request, form, code, own_unit):
        return redirect("members", code)
    return _form_page(request, {"form": form, "title": gettext("设考核单元"), "button": gettext("设立")})


def new_person(request: HttpRequest) -> HttpResponse:
    """Put a person that is not known yet into a post."""
    return _post(request, "", gettext("登记干部"))


def post_person(request: HttpRequest, code: str) -> HttpResponse:
    """Put a known person into another post."""
    state = _found(code, Person)
    rights.require(request.user, "PersonPosted", state)
    return _post(request, code, gettext("调整任职"))


def _post(request: HttpRequest, code: str, title: str) -> HttpResponse:
    rights.require(request.user, "PersonPosted")
    known = store.state(code) if code else None
    first = {"unit": request.GET.get("unit", ""), "seen": known.seq if known else 0}
    if known:
        first |= {"name": naming.name(code), "post": naming.post(code), "unit": known.unit}
    form = _named_form(PersonPosted, request, "P", **first)
    form.fields["unit"] = CodeField("U", label=_("任职单位"))
    form.order_fields(["name", "unit", *form.fields])
    if request.method == "POST" and form.is_valid():
        rights.require(request.user, "PersonPosted", form.cleaned_data["unit"])
        code = code or store.next_code("P", 4)
        if _first(request, form, code, form.cleaned_data["unit"]):
            return redirect("person", code)
    return _form_page(request, {"form": form, "title": title, "button": title})


urlpatterns = [
    path("organization/", organization, name="organization"),
    path("organization/new-unit", new_unit, name="new_unit"),
    path("organization/new-group", new_group, name="new_group"),
    path("organization/new-person", new_person, name="new_person"),
    path("organization/names/<str:code>", rename, name="rename"),
    path("organization/units/<str:code>", unit, name="unit"),
    path("organization/people/<str:code>", person, name="person"),
    path("organization/people/<str:code>/post", post_person, name="post_person"),
    path("organization/groups/<str:code>", members, name="members"),
]
