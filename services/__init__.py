"""The three services of Linkwork: directory, referrals and notifications. None imports another."""
