from acme_core.errors import Conflict


class RoleRequired(Conflict):
    code = "role_required"
    title = "This address is an operator's and a photographer's: say which with `role`"
