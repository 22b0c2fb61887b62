"""The product's addresses, and the bare views."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from benchmarks.middleware import STOCK
from config.urls import handler500 as handler500  # Django looks for it in the root URLconf
from config.urls import urlpatterns as product_urlpatterns


def bare(request: HttpRequest) -> HttpResponse:
    """The least that a page of a signed-in person costs: middleware, session, person, one small template.

    At the stock address the session is read by Django's own engine, and names Django's own backend for the person.
    """
    return render(request, "bench/bare.html")


urlpatterns = [
    path("bench/bare/", bare, name="bench_bare"),
    path(STOCK.removeprefix("/"), bare, name="bench_stock"),
    *product_urlpatterns,
]
