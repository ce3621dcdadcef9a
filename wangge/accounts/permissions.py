"""What a post may do. Codes live here; roles are rows that collect them.

Code asks for a permission, never for a role.
"""

from enum import StrEnum


class Permission(StrEnum):
    # cases
    CASE_READ = "case.read"
    CASE_REPORT = "case.report"
    CASE_ACCEPT = "case.accept"  # accept, refuse, place, correct
    CASE_DISPATCH = "case.dispatch"  # dispatch, recall, join duplicates
    CASE_HANDLE = "case.handle"  # sign, return, ask for time, handled
    CASE_SELF_HANDLE = "case.self_handle"  # settle on the spot
    CASE_REVIEW = "case.review"  # pass, rework, close
    CASE_EXTEND = "case.extend"  # grant or refuse more time, suspend, resume
    CASE_HAND_UP = "case.hand_up"
    CASE_COMMAND = "case.command"  # dispatch past the levels between
    CASE_SUPERVISE = "case.supervise"
    CASE_WHISTLE = "case.whistle"
    WHISTLE_CONFIRM = "whistle.confirm"
    CASE_REOPEN = "case.reopen"
    CASE_ARCHIVE = "case.archive"
    CASE_EXPORT = "case.export"
    REPORTER_READ = "reporter.read"  # see who reported, masked; reveal with a stated purpose
    # command: duty, orders, announcements, meetings
    DUTY_EDIT = "duty.edit"
    ORDER_GIVE = "order.give"
    NOTICE_PUBLISH = "notice.publish"
    MEETING_HOLD = "meeting.hold"
    # the field
    FIELD_WORK = "field.work"  # goes on duty, is located then, patrols, visits, does errands
    FIELD_WATCH = "field.watch"  # who is where now; terminals and how patrols and visits are kept
    TRACK_READ = "track.read"  # where somebody went: one person, one day, with a stated reason
    ERRAND_GIVE = "errand.give"
    PATROL_EDIT = "patrol.edit"  # patrol and visit plans
    FORM_EDIT = "form.edit"  # forms of visits, collection and inspections
    TERMINAL_EDIT = "terminal.edit"
    # the registry; the administrator holds none of these
    REGISTRY_READ = "registry.read"  # masked; the dictionary too
    REGISTRY_EDIT = "registry.edit"
    REGISTRY_REVEAL = "registry.reveal"  # one record, one stated purpose, on the record
    REGISTRY_EXPORT = "registry.export"
    REGISTRY_APPROVE = "registry.approve"  # exports that others ask for
    CARE_READ = "care.read"  # opens only what one is competent for, assigned to, or helps with
    CARE_EDIT = "care.edit"  # competent departments: begin, assign, end
    # settings of cases
    CATEGORY_EDIT = "category.edit"
    CALENDAR_EDIT = "calendar.edit"
    RULE_EDIT = "rule.edit"
    ANSWER_EDIT = "answer.edit"  # standard answers
    # grids
    GRID_READ = "grid.read"
    GRID_EDIT = "grid.edit"
    GRID_APPROVE = "grid.approve"  # decide on proposals of others (ADR 13)
    GRID_REDRAW = "grid.redraw"  # redraw at once what is drawn, without a proposal
    TEAM_EDIT = "team.edit"
    IMPORT_RUN = "import.run"
    # accounts, three powers apart
    ACCOUNT_READ = "account.read"
    ACCOUNT_EDIT = "account.edit"  # administrator
    ROLE_EDIT = "role.edit"  # security officer: what a role may do
    SECURITY_EDIT = "security.edit"  # security officer: second factor, lock-outs, other people's sessions
    JOURNAL_READ = "journal.read"  # auditor
    # figures
    DASHBOARD_READ = "dashboard.read"
    # the wall
    WALL_READ = "wall.read"
    WALL_EDIT = "wall.edit"  # what the walls show
    WALL_WEATHER = "wall.weather"
    SESSION_STANDING = "session.standing"  # stays signed in for weeks; only beside permissions to look (rules.py)


class Power(StrEnum):
    """The three separate powers and the work itself; nobody holds posts of two (GB/T 22239-2019 8.1.4.2)."""

    WORK = "work"
    ADMINISTRATION = "administration"
    SECURITY = "security"
    AUDIT = "audit"


P = Permission

_REGISTRY = {P.REGISTRY_READ, P.REGISTRY_EDIT, P.CARE_READ}
_FIELD = _REGISTRY | {
    P.CASE_READ,
    P.CASE_REPORT,
    P.CASE_SELF_HANDLE,
    P.CASE_HANDLE,
    P.CASE_WHISTLE,
    P.GRID_READ,
    P.FIELD_WORK,
}
_SEAT = {
    P.CASE_READ,
    P.CASE_REPORT,
    P.CASE_ACCEPT,
    P.CASE_DISPATCH,
    P.CASE_REVIEW,
    P.CASE_EXTEND,
    P.CASE_HAND_UP,
    P.CASE_SUPERVISE,
    P.CASE_REOPEN,
    P.CASE_ARCHIVE,
    P.CASE_EXPORT,
    P.WHISTLE_CONFIRM,
    P.REPORTER_READ,
    P.GRID_READ,
    P.DASHBOARD_READ,
    P.WALL_READ,
}

_COMMAND = {P.DUTY_EDIT, P.ORDER_GIVE, P.NOTICE_PUBLISH, P.MEETING_HOLD, P.FIELD_WATCH, P.ERRAND_GIVE}

# Roles shipped: code -> (power, zh, en, permissions). They are rows afterwards, changed by the security officer.
ROLES: dict[str, tuple[Power, str, str, frozenset[Permission]]] = {
    "grid_worker": (Power.WORK, "网格员", "Grid worker", frozenset(_FIELD)),
    "grid_chief": (Power.WORK, "网格长", "Grid chief", frozenset(_FIELD | {P.CASE_HAND_UP, P.DASHBOARD_READ})),
    "community": (
        Power.WORK,
        "社区",
        "Community",
        frozenset(
            _SEAT
            | _COMMAND
            | _REGISTRY
            | {
                P.CASE_SELF_HANDLE,
                P.CASE_HANDLE,
                P.CASE_WHISTLE,
                P.TEAM_EDIT,
                P.PATROL_EDIT,
                P.REGISTRY_REVEAL,
                P.REGISTRY_EXPORT,
            }
        ),
    ),
    "street_seat": (
        Power.WORK,
        "街道坐席",
        "Sub-district seat",
        frozenset(
            _SEAT
            | _COMMAND
            | {
                P.CASE_HANDLE,
                P.CASE_WHISTLE,
                P.TEAM_EDIT,
                P.GRID_EDIT,
                P.PATROL_EDIT,
                P.TERMINAL_EDIT,
                P.TRACK_READ,
                P.REGISTRY_READ,
                P.REGISTRY_REVEAL,
                P.REGISTRY_EXPORT,
            }
        ),
    ),
    "district_seat": (
        Power.WORK,
        "区坐席",
        "District seat",
        frozenset(_SEAT | _COMMAND | {P.ANSWER_EDIT, P.REGISTRY_READ}),
    ),
    "commander": (
        Power.WORK,
        "指挥长",
        "Commander",
        frozenset(
            _SEAT
            | _COMMAND
            | {
                P.CASE_COMMAND,
                P.GRID_APPROVE,
                P.RULE_EDIT,
                P.CATEGORY_EDIT,
                P.CALENDAR_EDIT,
                P.ANSWER_EDIT,
                P.WALL_EDIT,
                P.WALL_WEATHER,
                P.TRACK_READ,
                P.FORM_EDIT,
                P.REGISTRY_READ,
                P.REGISTRY_REVEAL,
                P.REGISTRY_APPROVE,
            }
        ),
    ),
    "department_clerk": (
        Power.WORK,
        "部门经办",
        "Department clerk",
        frozenset({P.CASE_READ, P.CASE_HANDLE, P.GRID_READ, P.CARE_READ, P.CARE_EDIT}),
    ),
    "department_leader": (
        Power.WORK,
        "部门负责人",
        "Department leader",
        frozenset(
            {
                P.CASE_READ,
                P.CASE_HANDLE,
                P.CASE_EXPORT,
                P.GRID_READ,
                P.DASHBOARD_READ,
                P.DUTY_EDIT,
                P.MEETING_HOLD,
                P.CARE_READ,
                P.CARE_EDIT,
            }
        ),
    ),
    "assessor": (
        Power.WORK,
        "考核员",
        "Assessor",
        frozenset({P.CASE_READ, P.CASE_EXPORT, P.GRID_READ, P.DASHBOARD_READ, P.WALL_READ}),
    ),
    "data_clerk": (
        Power.WORK,
        "数据专员",
        "Data clerk",
        frozenset({P.IMPORT_RUN, P.REGISTRY_READ, P.REGISTRY_EDIT}),
    ),
    "wall": (
        Power.WORK,
        "大屏",
        "Wall",
        frozenset({P.WALL_READ, P.DASHBOARD_READ, P.SESSION_STANDING}),
    ),
    "administrator": (
        Power.ADMINISTRATION,
        "系统管理员",
        "Administrator",
        frozenset(
            {
                P.ACCOUNT_READ,
                P.ACCOUNT_EDIT,
                P.IMPORT_RUN,
                P.GRID_READ,
                P.GRID_EDIT,
                P.GRID_REDRAW,
                P.TEAM_EDIT,
                P.CATEGORY_EDIT,
                P.CALENDAR_EDIT,
                P.RULE_EDIT,
                P.NOTICE_PUBLISH,
                P.ANSWER_EDIT,
                P.WALL_EDIT,
                P.WALL_WEATHER,
                P.TERMINAL_EDIT,
                P.FORM_EDIT,
            }
        ),
    ),
    "security_officer": (
        Power.SECURITY,
        "安全管理员",
        "Security officer",
        frozenset({P.ACCOUNT_READ, P.ROLE_EDIT, P.SECURITY_EDIT}),
    ),
    "auditor": (Power.AUDIT, "审计管理员", "Auditor", frozenset({P.JOURNAL_READ})),
}
