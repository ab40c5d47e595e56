from acme_core.errors import Conflict, Invalid, Unavailable


class RoleRequired(Conflict):
    code = "role_required"
    title = "This address has several accounts with this password: say which with `role`"


class FieldOfAnotherRole(Invalid):
    code = "field_of_another_role"
    title = "Accounts of this role do not have that field"


class PictureMissing(Conflict):
    code = "picture_missing"
    title = "The picture has not arrived; send it, then complete it"


class PictureNotTaken(Conflict):
    code = "picture_not_taken"
    title = "What was sent is not a picture of an accepted type and size"


class PictureStoreDown(Unavailable):
    code = "picture_store_unavailable"
    title = "The object store does not answer; try again shortly"
