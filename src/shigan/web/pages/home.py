"""我的工作: what waits for me by clock, what I wait for, what changed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Three blocks, no charts."""
    return render(request, "home/home.html", {"section": "home"})


urlpatterns = [path("", home, name="home")]
