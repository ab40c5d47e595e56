from acme_core.errors import Conflict, Invalid


class RoleRequired(Conflict):
    code = "role_required"
    title = "This address is an operator's and a photographer's: say which with `role`"


class FieldOfAnotherRole(Invalid):
    code = "field_of_another_role"
    title = "Accounts of this role do not have that field"
