from django.urls import path

from .views import administration, duplicates, members, representatives, roster

urlpatterns = [
    path("villages/<int:pk>/members/", roster.MemberList.as_view(), name="member_list"),
    path("villages/<int:pk>/members/new/", roster.MemberCreate.as_view(), name="member_create"),
    path("members/find/", roster.MemberFind.as_view(), name="member_find"),
    path("members/duplicates/", duplicates.DuplicateList.as_view(), name="duplicate_list"),
    path("members/<int:pk>/", members.MemberDetail.as_view(), name="member_detail"),
    path("members/<int:pk>/edit/", members.MemberUpdate.as_view(), name="member_update"),
    path("members/<int:pk>/leave/", members.MemberLeave.as_view(), name="member_leave"),
    path("members/<int:pk>/posts/new/", members.PostCreate.as_view(), name="post_create"),
    path("posts/<int:pk>/", members.PostUpdate.as_view(), name="post_update"),
    path(
        "members/<int:pk>/restrictions/new/",
        members.RestrictionCreate.as_view(),
        name="restriction_create",
    ),
    path("restrictions/<int:pk>/", members.RestrictionUpdate.as_view(), name="restriction_update"),
    path("members/<int:pk>/merge/", duplicates.MemberMergePage.as_view(), name="member_merge"),
    path("merges/<int:pk>/undo/", duplicates.MergeUndo.as_view(), name="merge_undo"),
    path(
        "villages/<int:pk>/representatives/",
        representatives.RepresentativeList.as_view(),
        name="representative_list",
    ),
    path(
        "villages/<int:pk>/representatives/new/",
        representatives.RepresentativeCreate.as_view(),
        name="representative_create",
    ),
    path(
        "representatives/<int:pk>/",
        representatives.RepresentativeUpdate.as_view(),
        name="representative_update",
    ),
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
