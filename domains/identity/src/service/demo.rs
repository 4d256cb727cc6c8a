//! The demo city's accounts.

use serde_json::json;
use yiwang_contracts::{Actor, AuditEntry};
use yiwang_kernel::{Masked, Timestamp};

use super::IdentityService;
use crate::audit;
use crate::demo::{self, DEMO_PASSWORD, DemoAccount, DemoCity, Ground};
use crate::error::{IdentityError, Noun};
use crate::{grant, user};

impl IdentityService {
    /// The accounts of the sign-in page; not there but in demo mode.
    pub fn demo_accounts(&self) -> Result<Vec<DemoAccount>, IdentityError> {
        if self.settings.demo {
            Ok(demo::accounts())
        } else {
            Err(IdentityError::NotFound(Noun::DemoAccounts))
        }
    }

    /// Makes the demo accounts and the invented officers, once. Units and roles must be installed.
    /// Answers how many accounts were made.
    pub async fn seed_demo(&self, city: DemoCity, now: Timestamp) -> Result<usize, IdentityError> {
        if user::store::any_demo(self.db.read()).await? {
            return Ok(0);
        }
        let password = self.hasher.hash(Masked::new(DEMO_PASSWORD)).await?;
        let (users, grants) = demo::seed(&Ground {
            tree: self.tree(),
            city,
            password,
            now,
        });
        let count = users.len();
        let actor = Actor::system("demo");
        let entry = AuditEntry::done(
            &actor,
            "demo.seed",
            String::new(),
            json!({ "users": count, "seed": city.seed }),
            now,
        );
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    user::store::insert(tx, &users).await?;
                    grant::store::insert(tx, &grants).await?;
                    audit::append(tx, &[entry]).await?;
                    Ok::<_, IdentityError>(())
                })
            })
            .await?;
        Ok(count)
    }
}
