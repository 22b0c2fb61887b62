"""Pages about an address, by allauth's names: it looks for them."""

from django.urls import path

from apps.accounts import addresses, changing

urlpatterns = [
    path("email/", addresses.EmailView.as_view(), name="account_email"),
    path("confirm-email/", addresses.message_sent, name="account_email_verification_sent"),
]
if not changing.is_by_code():
    urlpatterns.append(
        path("confirm-email/<str:key>/", addresses.LinkView.as_view(), name="account_confirm_email"),
    )
