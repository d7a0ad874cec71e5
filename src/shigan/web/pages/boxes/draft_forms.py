"""The forms of a new evaluation; what does not fit is said at its field, before a file is made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.box import manifest as manifests
from shigan.box import presets
from shigan.web import naming, store
from shigan.web.forms import CodeField
from shigan.work.boxes.rules import ON_PAPER, STATUTORY

INPUT, SELECT = {"class": "form-control"}, {"class": "form-select"}
LETTERS = "ABC"
WHOLE = 100
ORIGIN = re.compile(r"https?://[^/\s]+")


class Choice(forms.Form):
    """Which sheet, for which unit."""

    preset = forms.ChoiceField(
        label=_("评议种类"), choices=[(key, _(title)) for key, title in presets.PRESETS.items()],
        widget=forms.Select(SELECT),
    )  # fmt: skip
    unit = CodeField("U", label=_("被评议单位"))


class MomentField(forms.DateTimeField):
    """A moment of the county's time, as browsers type it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(INPUT | {"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**kwargs, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


class DraftForm(forms.Form):
    """Everything of a manifest but its classes."""

    required_css_class = "required"
    code = forms.RegexField(
        r"^B[0-9]{1,9}$", label=_("评议编号"), widget=forms.TextInput(INPUT | {"maxlength": 10})
    )
    title = forms.CharField(label=_("标题"), max_length=100, widget=forms.TextInput(INPUT))
    session = forms.CharField(label=_("会议名称"), max_length=60, widget=forms.TextInput(INPUT))
    targets = forms.CharField(
        label=_("被评议的人（一行一个编号或姓名）"), required=False, max_length=20_000,
        widget=forms.Textarea(INPUT | {"rows": 8}),
    )  # fmt: skip
    post = forms.CharField(
        label=_("推荐的岗位"), required=False, max_length=60, widget=forms.TextInput(INPUT)
    )
    most = forms.IntegerField(
        label=_("每票最多推荐（人）"),
        required=False,
        min_value=1,
        max_value=50,
        widget=forms.NumberInput(INPUT),
    )
    opens = MomentField(label=_("投票开始"))
    closes = MomentField(label=_("投票截止"))
    issue_from = MomentField(
        label=_("网上领票开始"), required=False, help_text=_("有票类可在网上领票时填；没有的不填。")
    )
    issue_to = MomentField(label=_("网上领票截止"), required=False, help_text=_("不晚于投票开始。"))
    comments = forms.BooleanField(
        label=_("收文字意见"), required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
    )
    scrutineers = forms.CharField(
        label=_("监票人"), required=False, max_length=2_000, widget=forms.Textarea(INPUT | {"rows": 3}),
        help_text=_("一行一人：干部编号、空格、公钥。公钥由监票人在自己的电脑上生成。可不填，但结果就没有人签名。"),
    )  # fmt: skip
    needed = forms.IntegerField(
        label=_("公布结果需要几个监票人签名（人）"), min_value=0, max_value=9, widget=forms.NumberInput(INPUT)
    )
    origin = forms.CharField(
        label=_("票箱地址"), required=False, max_length=100, widget=forms.TextInput(INPUT),
        help_text=_("如 http://192.168.1.10:8081，印在票的二维码里；只用纸票和会场终端的不填。"),
    )  # fmt: skip

    def clean_code(self) -> str:
        """One that no evaluation has."""
        code = str(self.cleaned_data["code"])
        if store.state(code):
            words = gettext("{code} 已经用过，请改用 {next}。")
            raise forms.ValidationError(words.format(code=code, next=store.next_code("B", 4)))
        return code

    def clean_title(self) -> str:
        """Not of an election by law."""
        return _no_election(self.cleaned_data["title"])

    def clean_session(self) -> str:
        """Not of an election by law."""
        return _no_election(self.cleaned_data["session"])

    def clean_origin(self) -> str:
        """Scheme and host, as they go into the QR codes."""
        origin = str(self.cleaned_data["origin"]).strip().rstrip("/")
        if origin and not ORIGIN.fullmatch(origin):
            raise forms.ValidationError(gettext("以 http:// 或 https:// 开头，后面只写主机和端口。"))
        return origin

    def clean_targets(self) -> list[str]:
        """Codes, each once; a full name must be that of one code."""
        words = [line.strip() for line in self.cleaned_data["targets"].splitlines() if line.strip()]
        codes = [_code_of(word) for word in words]
        if len(set(codes)) < len(codes):
            raise forms.ValidationError(gettext("有人列了两次，请各写一次。"))
        return codes

    def clean_scrutineers(self) -> list[dict[str, str]]:
        """Code and public key of each."""
        found_all = []
        for line in self.cleaned_data["scrutineers"].splitlines():
            words = line.split()
            if words and (len(words) != 2 or not manifests.HEX.fullmatch(words[1]) or len(words[1]) != 64):
                raise forms.ValidationError(
                    gettext("“{line}”看不懂：写干部编号、空格和 64 位公钥。").format(line=line.strip()[:30])
                )
            if words:
                found_all.append({"name": _code_of(words[0]), "key": words[1]})
        return found_all

    def clean(self) -> dict[str, Any]:
        """What must hold between fields."""
        told = super().clean() or {}
        self._check_voting(told.get("opens"), told.get("closes"))
        self._check_issuing(told.get("issue_from"), told.get("issue_to"), told.get("opens"))
        if (told.get("needed") or 0) > (n := len(told.get("scrutineers") or ())):
            self.add_error("needed", gettext("只写了 {n} 名监票人，签名不能要求得更多。").format(n=n))
        if (told.get("most") or 0) > (n := len(told.get("targets") or ())) > 0:
            self.add_error("most", gettext("名单上只有 {n} 人，每票不能推荐得更多。").format(n=n))
        return told

    def _check_voting(self, opens: datetime | None, closes: datetime | None) -> None:
        if opens and opens <= timezone.now():
            self.add_error("opens", gettext("已经过去了。请留出制票、备案和张贴通知的时间。"))
        if opens and closes and closes <= opens:
            self.add_error("closes", gettext("要在投票开始以后。"))

    def _check_issuing(self, start: datetime | None, end: datetime | None, opens: datetime | None) -> None:
        if bool(start) != bool(end):
            self.add_error("issue_to" if start else "issue_from", gettext("领票的开始和截止要一起填。"))
        if start and end and end <= start:
            self.add_error("issue_to", gettext("要在领票开始以后。"))
        if end and opens and end > opens:
            self.add_error("issue_to", gettext("要在投票开始以前：投票开始后不再领票。"))


def _code_of(word: str) -> str:
    text = word.split()[0]
    codes = naming.codes("P", text.upper()) or naming.codes("P", text)
    if len(codes) != 1:
        raise forms.ValidationError(
            gettext("没有找到“{text}”，请填编号，或从列表中选。").format(text=text[:20])
        )
    return codes[0]


def _no_election(text: str) -> str:
    if any(word in text for word in STATUTORY):
        words = gettext("票箱只用于评议和推荐，不用于选举"), gettext("。"), gettext(ON_PAPER)
        raise forms.ValidationError("".join(words))
    return text


class ClassForm(forms.Form):
    """One class of voters; without 应到 it is left out."""

    name = forms.CharField(label=_("由谁投票"), required=False, max_length=60, widget=forms.TextInput(INPUT))
    weight = forms.IntegerField(
        label=_("权重（%）"), required=False, min_value=0, max_value=100, widget=forms.NumberInput(INPUT)
    )
    expected = forms.IntegerField(
        label=_("应到（人）"), required=False, min_value=0, max_value=100_000, widget=forms.NumberInput(INPUT)
    )
    tokens = forms.BooleanField(
        label=_("缺席的可网上领票"), required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )  # fmt: skip


Classes = forms.formset_factory(ClassForm, extra=0, max_num=len(LETTERS))


def agree(form: DraftForm, rows: Sequence[dict[str, Any]]) -> bool:
    """Whether the classes make up a whole, and go with the times; what does not is said on the form."""
    kept = [row for row in rows if row.get("expected")]
    issued = form.cleaned_data["issue_from"]
    total, online = sum(row["weight"] or 0 for row in kept), any(row["tokens"] for row in kept)
    if not kept:
        form.add_error(None, gettext("请至少填一类票的应到人数。"))
    elif total != WHOLE:
        words = gettext("各类票的权重合计是 {n}，应为 100；不填应到人数的票类不计入。")
        form.add_error(None, words.format(n=total))
    if online and not issued:
        form.add_error("issue_from", gettext("有票类可在网上领票，请填领票的时间。"))
    if kept and issued and not online:
        form.add_error("issue_from", gettext("没有票类可在网上领票：请勾选票类，或不填领票时间。"))
    return form.is_valid()
