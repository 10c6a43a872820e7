"""Words may be taken out of the history"""

from __future__ import annotations

from alembic import op

from shared.audit import append_only_sql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A move is never changed or deleted, but its words may go when a person said no to all of it."""
    op.execute("drop trigger move_append_only on move")
    op.execute(
        "create trigger move_append_only before delete or truncate on move "
        "for each statement execute function refuse_change()"
    )
    op.execute(
        """
        create function keep_all_but_words() returns trigger language plpgsql as $$
        begin
          if new.content in (old.content, '')
            and (new.reason_text is null or new.reason_text is not distinct from old.reason_text)
            and to_jsonb(new) - 'content' - 'reason_text' = to_jsonb(old) - 'content' - 'reason_text'
          then return new; end if;
          raise exception '% is append-only', tg_table_name;
        end $$
        """
    )
    op.execute(
        "create trigger move_keeps_all_but_words before update on move "
        "for each row execute function keep_all_but_words()"
    )


def downgrade() -> None:
    """Nothing of a move may change."""
    op.execute("drop trigger move_keeps_all_but_words on move")
    op.execute("drop function keep_all_but_words()")
    op.execute("drop trigger move_append_only on move")
    for statement in append_only_sql("move"):
        op.execute(statement)
