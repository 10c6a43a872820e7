"""What happened to an account, as its owner reads it."""

EVENT_WORDS: dict[str, str] = {
    "signed_in": "Signed in",
    "sign_in_failed": "Somebody tried to sign in with a wrong password or code",
    "signed_out": "Signed out",
    "signed_out_everywhere": "Signed out everywhere",
    "session_ended": "Ended another sign-in",
    "password_changed": "Changed the password",
    "password_reset": "Set a new password by a link from an e-mail",
    "authenticator_on": "Turned the second step on",
    "authenticator_off": "Turned the second step off",
    "second_step_removed": "The second step was removed for you",
    "recovery_codes_made": "Made new recovery codes",
    "recovery_code_used": "Used a recovery code",
    "joined": "Joined an organisation",
    "left": "Left an organisation",
}
