from django.urls import path

from .views import administration, roster

urlpatterns = [
    path("villages/<int:pk>/members/", roster.MemberList.as_view(), name="member_list"),
    path("villages/<int:pk>/members/new/", roster.MemberCreate.as_view(), name="member_create"),
    path("members/<int:pk>/", roster.MemberUpdate.as_view(), name="member_update"),
    path("members/<int:pk>/leave/", roster.MemberLeave.as_view(), name="member_leave"),
    path("users/", administration.UserList.as_view(), name="user_list"),
    path("users/new/", administration.UserCreate.as_view(), name="user_create"),
    path(
        "users/<int:pk>/password/",
        administration.UserResetPassword.as_view(),
        name="user_reset_password",
    ),
    path("users/<int:pk>/active/", administration.UserSetActive.as_view(), name="user_set_active"),
    path("postings/new/", administration.PostingGrant.as_view(), name="posting_grant"),
    path("postings/<int:pk>/end/", administration.PostingEnd.as_view(), name="posting_end"),
    path("audit/", administration.AuditList.as_view(), name="audit_list"),
]
