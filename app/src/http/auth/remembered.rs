//! Credentials that were verified, known again without their passwords.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::store::conf::Auth as Account;

/// Those of a few people's browsers and scripts.
const REMEMBERED: usize = 16;

/// A user name and a password, digested with this process's key.
pub type Digest = [u8; 32];

/// What was verified.
pub struct Remembered {
    /// Makes digests worth nothing outside this process.
    key: [u8; 32],
    verified: Mutex<Verified>,
}

/// What was verified against the account as it was then.
#[derive(Default)]
struct Verified {
    account: Option<Account>,
    digests: VecDeque<Digest>,
}

impl Remembered {
    /// Nothing yet.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self { key, verified: Mutex::default() })
    }

    /// The digest of credentials.
    pub fn digest(&self, username: &str, password: &str) -> Digest {
        let mut hash = Sha256::new_with_prefix(self.key);
        hash.update(username.len().to_le_bytes());
        hash.update(username);
        hash.update(password);
        hash.finalize().into()
    }

    /// Whether these were right, for the account as it is now.
    pub fn knows(&self, account: &Account, digest: &Digest) -> bool {
        let mut verified = self.verified();
        verified.forget_unless(account);
        let found = verified.digests.iter().map(|known| known.ct_eq(digest));
        found.fold(Choice::from(0), |any, this| any | this).into()
    }

    /// These were right, for this account; of too many, the oldest are forgotten.
    pub fn add(&self, account: &Account, digest: Digest) {
        let mut verified = self.verified();
        verified.forget_unless(account);
        verified.digests.push_front(digest);
        verified.digests.truncate(REMEMBERED);
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.verified().digests.len()
    }

    fn verified(&self) -> MutexGuard<'_, Verified> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Verified {
    /// A changed password counts at once.
    fn forget_unless(&mut self, account: &Account) {
        let same = |known: &Account| {
            known.username == account.username && known.password_hash == account.password_hash
        };
        if !self.account.as_ref().is_some_and(same) {
            *self = Self { account: Some(account.clone()), digests: VecDeque::new() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_and_belongs_to_one_account() {
        let remembered = Remembered::new().unwrap();
        let account = Account::default();
        let digests = (0..20).map(|number| remembered.digest("admin", &number.to_string()));
        let digests: Vec<_> = digests.collect();
        digests.iter().for_each(|digest| remembered.add(&account, *digest));
        assert_eq!(remembered.len(), REMEMBERED);
        assert!(
            remembered.knows(&account, &digests[19]) && !remembered.knows(&account, &digests[0])
        );
        let other = Account { username: "other".into(), ..account.clone() };
        assert!(!remembered.knows(&other, &digests[19]));
        assert!(!remembered.knows(&account, &digests[19]), "nor when it is as before again");
    }

    #[test]
    fn where_the_name_ends_counts() {
        let remembered = Remembered::new().unwrap();
        assert_ne!(remembered.digest("ab", "c"), remembered.digest("a", "bc"));
        assert_ne!(remembered.digest("a", "b"), Remembered::new().unwrap().digest("a", "b"));
    }
}
