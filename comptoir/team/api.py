"""The doors of the team room: first visit, session, oneself, members, invitations, teams."""

from typing import Any

from litestar import Request, Response, Router, delete, get, patch, post, put
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import FromPath, JSONBody

from comptoir.foundation.doors import SESSION_COOKIE, act, public_query, query, run, sign
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Claims, Transaction
from comptoir.team import editing, grouping, queries, signing_in
from comptoir.team.errors import InvitationGone
from comptoir.team.models import Member, Team
from comptoir.team.schemas import (
    AcceptInvitation,
    ChangeMe,
    ChangeMember,
    ChangePassword,
    ChangeTeam,
    InvitationView,
    Invite,
    Invited,
    Me,
    MemberView,
    NewTeam,
    Setup,
    SignIn,
    Start,
    TeamView,
)


@get("/start", operation_id="start")
async def start(request: Request[Any, Any, Any]) -> Response[Start]:
    """The first thing a browser asks. Renews the session of who is signed in; the demo signs its visitor in."""

    is_demo = request.app.state.door.services.settings.demo

    def work(tx: Transaction) -> tuple[Start, Claims | None]:
        if is_demo and tx.actor.kind != "member":
            tx.actor = queries.demo_actor(tx)
        view = queries.start(tx)
        return view, _claims(queries.me(tx)) if view.me else None

    view, claims = await run(request, work, writes=False, is_public=True)
    response = Response(view)
    if claims is not None:
        sign(response, request, claims)
    return response


@post("/setup", operation_id="setUp")
async def set_up(request: Request[Any, Any, Any], data: JSONBody[Setup]) -> Response[Me]:
    """The first visit makes the owner, and signs them in."""
    return await _signed_in(request, lambda tx: signing_in.set_up(tx, data))


@post("/session", operation_id="signIn")
async def sign_in(request: Request[Any, Any, Any], data: JSONBody[SignIn]) -> Response[Me]:
    return await _signed_in(request, lambda tx: signing_in.sign_in(tx, email=data.email, password=data.password))


@delete("/session", operation_id="signOut")
async def sign_out() -> Response[None]:
    response: Response[None] = Response(None, status_code=204)
    response.delete_cookie(SESSION_COOKIE)
    return response


@patch("/me", operation_id="changeMe")
@act
def change_me(tx: Transaction, data: JSONBody[ChangeMe]) -> Me:
    member = queries.me(tx)
    editing.change_me(tx, member, data)
    return queries.view_of_me(tx, member)


@put("/me/password", operation_id="changePassword", status_code=204)
async def change_password(request: Request[Any, Any, Any], data: JSONBody[ChangePassword]) -> Response[None]:
    """Ends every other session; this one goes on."""

    def work(tx: Transaction) -> Claims:
        member = queries.me(tx)
        signing_in.change_password(tx, member, current=data.current, new=data.new)
        return _claims(member)

    claims = await run(request, work, writes=True)
    response: Response[None] = Response(None, status_code=204)
    sign(response, request, claims)
    return response


@get("/members", operation_id="members")
@query
def members(tx: Transaction) -> list[MemberView]:
    return queries.members(tx)


@post("/members", operation_id="invite")
@act
def invite(tx: Transaction, services: Services, data: JSONBody[Invite]) -> Invited:
    invitation = editing.invite(
        tx, email=data.email, name=data.name, role=data.role, channel_ids=data.channel_ids, scope=data.scope
    )
    return _invited(invitation, services)


@post("/members/{member_id:int}/invitation", operation_id="inviteAgain")
@act
def invite_again(tx: Transaction, services: Services, member_id: FromPath[int]) -> Invited:
    return _invited(editing.invite_again(tx, tx.find(Member, member_id)), services)


@patch("/members/{member_id:int}", operation_id="changeMember")
@act
def change_member(tx: Transaction, member_id: FromPath[int], data: JSONBody[ChangeMember]) -> MemberView:
    member = tx.find(Member, member_id)
    if data.role is not None:
        editing.change_role(tx, member, role=data.role)
    if data.scope is not None:
        editing.change_scope(tx, member, scope=data.scope)
    if data.is_active is not None:
        (editing.reactivate if data.is_active else editing.deactivate)(tx, member)
    return queries.view(member)


@get("/invitations/{token:str}", operation_id="invitation")
@public_query
def invitation(tx: Transaction, token: FromPath[str]) -> InvitationView:
    member = queries.invited_member(tx, token)
    if member is None:
        raise InvitationGone
    return queries.invitation(tx, member)


@post("/invitations/{token:str}", operation_id="acceptInvitation")
async def accept_invitation(
    request: Request[Any, Any, Any], token: FromPath[str], data: JSONBody[AcceptInvitation]
) -> Response[Me]:
    return await _signed_in(request, lambda tx: signing_in.accept_invitation(tx, token, data))


@get("/teams", operation_id="teams")
@query
def teams(tx: Transaction) -> list[TeamView]:
    """Every team, by name; archived ones too."""
    return queries.teams(tx)


@post("/teams", operation_id="createTeam")
@act
def create_team(tx: Transaction, data: JSONBody[NewTeam]) -> TeamView:
    return queries.team_view(tx, grouping.create(tx, name=data.name))


@patch("/teams/{team_id:int}", operation_id="changeTeam")
@act
def change_team(tx: Transaction, team_id: FromPath[int], data: JSONBody[ChangeTeam]) -> TeamView:
    team = tx.find(Team, team_id)
    grouping.rename(tx, team, name=data.name)
    return queries.team_view(tx, team)


@put("/teams/{team_id:int}/members/{member_id:int}", operation_id="addTeamMember", status_code=204)
@act
def add_team_member(tx: Transaction, team_id: FromPath[int], member_id: FromPath[int]) -> None:
    grouping.add_member(tx, tx.find(Team, team_id), member_id)


@delete("/teams/{team_id:int}/members/{member_id:int}", operation_id="removeTeamMember", status_code=204)
@act
def remove_team_member(tx: Transaction, team_id: FromPath[int], member_id: FromPath[int]) -> None:
    """What is assigned to them stays theirs."""
    grouping.remove_member(tx, tx.find(Team, team_id), member_id)


@put("/teams/{team_id:int}/archive", operation_id="archiveTeam", status_code=204)
@act
def archive_team(tx: Transaction, team_id: FromPath[int]) -> None:
    """Given nothing more; what it had goes back to everybody."""
    grouping.archive(tx, tx.find(Team, team_id))


@delete("/teams/{team_id:int}/archive", operation_id="restoreTeam", status_code=204)
@act
def restore_team(tx: Transaction, team_id: FromPath[int]) -> None:
    grouping.restore(tx, tx.find(Team, team_id))


async def _signed_in(request: Request[Any, Any, Any], become: Any) -> Response[Me]:
    def work(tx: Transaction) -> tuple[Me, Claims]:
        member: Member = become(tx)
        return queries.view_of_me(tx, member), _claims(member)

    me, claims = await run(request, work, writes=True, is_public=True)
    response = Response(me, status_code=201)
    sign(response, request, claims)
    return response


def _claims(member: Member) -> Claims:
    return Claims(member.id, member.stamp)


def _invited(invitation: editing.Invitation, services: Services) -> Invited:
    member = invitation.member
    assert member.invitation_expires_at is not None
    return Invited(
        member=queries.view(member),
        link=f"{services.settings.base_url}/invitation/{invitation.token}",
        expires_at=member.invitation_expires_at,
    )


def router(attempts_per_minute: int) -> Router:
    """Everything here; the doors that take a password or a token let `attempts_per_minute` through from one address."""
    limit = RateLimitConfig(rate_limit=("minute", attempts_per_minute))
    guarded = Router(
        "/", route_handlers=[set_up, sign_in, accept_invitation, change_password], middleware=[limit.middleware]
    )
    handlers = [start, sign_out, change_me, members, invite, invite_again, change_member, invitation]
    shared = [teams, create_team, change_team, add_team_member, remove_team_member, archive_team, restore_team]
    return Router("/", route_handlers=[guarded, *handlers, *shared], tags=["team"])
