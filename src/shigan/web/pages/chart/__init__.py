"""The wall chart (挂图作战) and its tasks: owners, dates, states. No points, no ranks."""

from __future__ import annotations

from django.urls import path

from shigan.web.pages.chart.tasks import new_task, task, tasks
from shigan.web.pages.chart.wall import chart

urlpatterns = [
    path("chart/", chart, name="chart"),
    path("tasks/", tasks, name="tasks"),
    path("tasks/new", new_task, name="new_task"),
    path("tasks/<str:code>", task, name="task"),
]
