"""What pages say once after something was done (`flash.say`)."""

from shared.web import Message

MESSAGES: dict[str, Message] = {
    "signed_out": Message("You are signed out."),
    "signed_out_everywhere": Message("You are signed out everywhere."),
    "start_again": Message(
        "That took too long, or too many codes were tried. Start again with your password.", "important"
    ),
    "password_set": Message("Your new password is set. Sign in with it."),
    "password_changed": Message("Your password is changed. Every other sign-in has ended."),
    "second_step_off": Message("The second step is off."),
    "session_ended": Message("That sign-in has ended."),
    "session_gone": Message("That sign-in had ended already."),
    "joined": Message("You have joined."),
    "joined_new": Message("Your account is made. Sign in to start."),
    "invited": Message("The invitation is on its way. The link in it works for 7 days."),
    "withdrawn": Message("The invitation is taken back."),
    "mailbox_asked": Message(
        "A letter is on its way to that address. News goes there once somebody opens the link and says yes."
    ),
    "mailbox_taken_back": Message("That address is taken back. The link in its letter works no more."),
    "mailbox_removed": Message("The mailbox is removed. A letter tells its readers."),
    "removed": Message("They do not belong to this organisation any more."),
}
