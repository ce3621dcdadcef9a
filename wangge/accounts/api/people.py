"""Accounts and posts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from wangge.accounts import queries
from wangge.accounts.actions import people, posts
from wangge.accounts.actions.posts import NewPost
from wangge.accounts.api import asking
from wangge.accounts.models import User
from wangge.accounts.queries import AccountFilter
from wangge.accounts.schemas.people import (
    AccountIn,
    AccountOut,
    AccountPatch,
    AccountQuery,
    FirstPasswordOut,
    FirstPasswordsIn,
)
from wangge.accounts.schemas.posts import HeldPostOut, PostEnd, PostFor, PostNew, PostQuery
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.paging import Page, table_page
from wangge.core.schemas import Id, answers, reads, writes

router = Router()


@router.get(
    "/accounts", operation_id="list_accounts", summary="Accounts in my area", response=answers(Page[AccountOut])
)
def get_accounts(request: HttpRequest, query: Query[AccountQuery]) -> dict[str, Any]:
    by = asking.actor(request)
    chosen = AccountFilter(
        q=query.q, unit_id=query.unit_id, role=query.role, active=query.active, has_password=query.has_password
    )
    page = queries.accounts(chosen, by=by, at=clock.now(), offset=query.offset, limit=query.limit)
    return {"items": [AccountOut.of(person, by.language) for person in page["items"]], "count": page["count"]}


@router.post(
    "/accounts",
    operation_id="create_account",
    summary="Make an account; its first password is shown once",
    response=writes(FirstPasswordOut, status=201),
)
def post_accounts(request: HttpRequest, response: HttpResponse, body: AccountIn) -> Status[FirstPasswordOut]:
    asking.keep_out_of_caches(response)
    first = people.create_account(
        username=body.username,
        name=body.name,
        phone=body.phone,
        post=NewPost(**body.post.dict()) if body.post else None,
        by=asking.actor(request),
        at=clock.now(),
    )
    return Status(201, FirstPasswordOut.of(first))


@router.post(
    "/accounts/first-passwords",
    operation_id="give_first_passwords",
    summary="Give first passwords to accounts that have none (imported ones), shown once",
    response=writes(list[FirstPasswordOut]),
)
def post_first_passwords(
    request: HttpRequest, response: HttpResponse, body: FirstPasswordsIn
) -> list[FirstPasswordOut]:
    asking.keep_out_of_caches(response)
    given = people.give_first_passwords(user_ids=body.account_ids, by=asking.actor(request), at=clock.now())
    return [FirstPasswordOut.of(first) for first in given]


@router.get("/accounts/{account_id}", operation_id="get_account", summary="One account", response=reads(AccountOut))
def get_account(request: HttpRequest, account_id: Id) -> AccountOut:
    by = asking.actor(request)
    return AccountOut.of(queries.account(account_id, by=by, at=clock.now()), by.language)


@router.patch(
    "/accounts/{account_id}", operation_id="change_account", summary="Change an account", response=writes(AccountOut)
)
def patch_account(request: HttpRequest, account_id: Id, body: AccountPatch) -> AccountOut:
    by = asking.actor(request)
    given = body.dict(exclude_unset=True, exclude={"seen"})
    changes = {name: value for name, value in given.items() if value is not None}
    user = people.change_account(user_id=account_id, changes=changes, seen=body.seen, by=by, at=clock.now())
    return _account(user, by)


@router.post(
    "/accounts/{account_id}/disable",
    operation_id="disable_account",
    summary="Disable an account; its sessions end at once",
    response=writes(AccountOut),
)
def post_disable(request: HttpRequest, account_id: Id) -> AccountOut:
    by = asking.actor(request)
    return _account(people.disable_account(user_id=account_id, by=by, at=clock.now()), by)


@router.post(
    "/accounts/{account_id}/reset-password",
    operation_id="reset_password",
    summary="Give a new first password, shown once; sessions end at once",
    response=writes(FirstPasswordOut),
)
def post_reset_password(request: HttpRequest, response: HttpResponse, account_id: Id) -> FirstPasswordOut:
    asking.keep_out_of_caches(response)
    return FirstPasswordOut.of(people.reset_password(user_id=account_id, by=asking.actor(request), at=clock.now()))


@router.post(
    "/accounts/{account_id}/unlock",
    operation_id="unlock_account",
    summary="Lift the lock after wrong passwords (administrator, security officer)",
    response=writes(AccountOut),
)
def post_unlock(request: HttpRequest, account_id: Id) -> AccountOut:
    by = asking.actor(request)
    return _account(people.unlock_account(user_id=account_id, by=by, at=clock.now()), by)


@router.post(
    "/accounts/{account_id}/reset-totp",
    operation_id="reset_totp",
    summary="Take away a second factor that was lost (security officer); sessions end at once",
    response=writes(AccountOut),
)
def post_reset_totp(request: HttpRequest, account_id: Id) -> AccountOut:
    by = asking.actor(request)
    return _account(people.reset_totp(user_id=account_id, by=by, at=clock.now()), by)


@router.get("/posts", operation_id="list_posts", summary="Posts in my area", response=answers(Page[HeldPostOut]))
def get_posts(request: HttpRequest, query: Query[PostQuery]) -> dict[str, Any]:
    by = asking.actor(request)
    rows = queries.posts(
        by=by,
        at=clock.now(),
        account_id=query.account_id,
        unit_id=query.unit_id,
        role=query.role,
        all_of_them=query.ended,
    )
    page = table_page(rows, offset=query.offset, limit=query.limit)
    return {"items": [HeldPostOut.of(post, by.language) for post in page["items"]], "count": page["count"]}


@router.post("/posts", operation_id="give_post", summary="Give a post", response=writes(HeldPostOut, status=201))
def post_posts(request: HttpRequest, body: PostFor) -> Status[HeldPostOut]:
    by = asking.actor(request)
    new = NewPost(**body.dict(exclude={"account_id"}))
    post = posts.give_post(user_id=body.account_id, new=new, by=by, at=clock.now())
    return Status(201, HeldPostOut.of(post, by.language))


@router.patch(
    "/posts/{post_id}",
    operation_id="end_post",
    summary="Say from which day on a post is over, or take that back",
    response=writes(HeldPostOut),
)
def patch_post(request: HttpRequest, post_id: Id, body: PostEnd) -> HeldPostOut:
    by = asking.actor(request)
    posts.end_post(post_id=post_id, valid_to=body.valid_to, by=by, at=clock.now())
    return HeldPostOut.of(queries.post(post_id), by.language)


@router.post(
    "/posts/{post_id}/move",
    operation_id="move_post",
    summary="Move somebody: the old post ends on the day the new one begins",
    response=writes(HeldPostOut, status=201),
)
def post_move(request: HttpRequest, post_id: Id, body: PostNew) -> Status[HeldPostOut]:
    by = asking.actor(request)
    post = posts.move_post(post_id=post_id, new=NewPost(**body.dict()), by=by, at=clock.now())
    return Status(201, HeldPostOut.of(queries.post(post.pk), by.language))


@router.delete(
    "/posts/{post_id}",
    operation_id="revoke_post",
    summary="Take a post away; its sessions end at once",
    response=answers(None, 404, status=204),
)
def delete_post(request: HttpRequest, post_id: Id) -> Status[None]:
    posts.revoke_post(post_id=post_id, by=asking.actor(request), at=clock.now())
    return Status(204, None)


def _account(user: User, by: Actor) -> AccountOut:
    return AccountOut.of(queries.person(user, at=clock.now()), by.language)
