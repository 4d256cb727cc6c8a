//! `yiwang user`: what cannot be done through the console because nobody can sign in yet.

use std::io::{BufRead, IsTerminal};

use anyhow::Context;
use yiwang_identity::NewAdministrator;
use yiwang_kernel::{Masked, PAGE_LIMIT_MAX, PageRequest};

use crate::cli::UserWhat;
use crate::{place, say};

pub(crate) async fn run(what: UserWhat) -> anyhow::Result<()> {
    match what {
        UserWhat::Add {
            username,
            name,
            role,
            place,
        } => {
            let city = place::for_command(&place).await?;
            let password = read_password()?;
            let new = NewAdministrator {
                username,
                name,
                password,
                role,
            };
            let user = city
                .identity
                .create_administrator(new, city.node.platform().now())
                .await?;
            say(format_args!(
                "{} can sign in; the password must be changed then",
                user.username
            ));
        }
        UserWhat::Password { username, place } => {
            let city = place::for_command(&place).await?;
            let password = read_password()?;
            city.identity
                .reset_password_by_name(&username, password, city.node.platform().now())
                .await?;
            say(format_args!(
                "{username} has a new password, to be changed at the next sign-in"
            ));
        }
        UserWhat::List { place } => {
            let city = place::for_command(&place).await?;
            let mut page = PageRequest {
                limit: Some(PAGE_LIMIT_MAX),
                cursor: None,
            };
            loop {
                let users = city
                    .identity
                    .all_users(&page, city.node.platform().now())
                    .await?;
                for user in &users.items {
                    say(format_args!("{}\t{}", user.username, user.name));
                }
                match users.next {
                    Some(next) => page.cursor = Some(next),
                    None => break,
                }
            }
        }
    }
    Ok(())
}

/// One line of standard input, so that a password is never on a command line.
fn read_password() -> anyhow::Result<Masked> {
    if std::io::stdin().is_terminal() {
        say(format_args!(
            "password (it will show; pipe it in to avoid that):"
        ));
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("no password on standard input")?;
    Ok(Masked::new(line.trim_end_matches(['\r', '\n'])))
}
