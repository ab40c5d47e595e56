import pytest
from sqlalchemy import ARRAY, String, any_, column, literal, select

from acme_db.prepared import Prepared, UnfinishedStatementError


def test_a_list_of_values_that_only_sqlalchemy_could_write_out_is_refused() -> None:
    with pytest.raises(UnfinishedStatementError, match="kind"):
        Prepared(select(column("id")).where(column("kind").in_(["raw"])))
    Prepared(select(column("id")).where(column("kind") == any_(literal(["raw"], ARRAY(String())))))
