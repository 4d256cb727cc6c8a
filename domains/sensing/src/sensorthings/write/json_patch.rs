//! JSON Patch (RFC 6902): add, replace, remove, test, copy, move.

use serde_json::Value;

use super::super::fault::{Answer, StaFault};

/// Operations of one patch.
const OPERATIONS_MAX: usize = 100;

pub(super) fn apply(mut document: Value, patch: &Value) -> Answer<Value> {
    let operations = patch.as_array().filter(|list| list.len() <= OPERATIONS_MAX);
    let operations =
        operations.ok_or_else(|| fault("a JSON patch is a list of at most 100 operations"))?;
    for operation in operations {
        one(&mut document, operation)?;
    }
    Ok(document)
}

fn fault(message: &str) -> StaFault {
    StaFault::bad("body", message)
}

fn one(document: &mut Value, operation: &Value) -> Answer<()> {
    let text = |name: &str| {
        let text = operation.get(name).and_then(Value::as_str);
        text.ok_or_else(|| fault("an operation has `op` and `path`, which are texts"))
    };
    let value = || {
        let value = operation.get("value").cloned();
        value.ok_or_else(|| fault("this operation has a `value`"))
    };
    let path = text("path")?;
    let at = |document: &Value, path: &str| {
        let found = document.pointer(path).cloned();
        found.ok_or_else(|| fault(&format!("there is nothing at {path}")))
    };
    match text("op")? {
        "add" => put(document, path, value()?),
        "replace" => {
            at(document, path)?;
            put(document, path, value()?)
        }
        "remove" => remove(document, path),
        "copy" => {
            let copied = at(document, text("from")?)?;
            put(document, path, copied)
        }
        "move" => {
            let moved = at(document, text("from")?)?;
            remove(document, text("from")?)?;
            put(document, path, moved)
        }
        "test" if at(document, path)? == value()? => Ok(()),
        "test" => Err(StaFault::new(
            axum::http::StatusCode::CONFLICT,
            "patch_test",
            format!("{path} is another value"),
        )),
        other => Err(fault(&format!("`{other}` is no operation of a JSON patch"))),
    }
}

/// The parent of a place, and the place's own name.
fn parent<'d>(document: &'d mut Value, path: &str) -> Answer<(&'d mut Value, String)> {
    let (above, name) = path
        .rsplit_once('/')
        .ok_or_else(|| fault("a path begins with `/`"))?;
    let name = name.replace("~1", "/").replace("~0", "~");
    let found = document.pointer_mut(above);
    let parent = found.ok_or_else(|| fault(&format!("there is nothing at {above}")))?;
    Ok((parent, name))
}

fn put(document: &mut Value, path: &str, value: Value) -> Answer<()> {
    match parent(document, path)? {
        (Value::Object(object), name) => {
            object.insert(name, value);
            Ok(())
        }
        (Value::Array(list), name) => {
            let at = if name == "-" {
                Some(list.len())
            } else {
                name.parse().ok()
            };
            let at = at.filter(|at: &usize| *at <= list.len());
            list.insert(at.ok_or_else(|| fault("no such place in the list"))?, value);
            Ok(())
        }
        _ => Err(fault(&format!("nothing can be put at {path}"))),
    }
}

fn remove(document: &mut Value, path: &str) -> Answer<()> {
    let nothing = || fault(&format!("there is nothing at {path}"));
    match parent(document, path)? {
        (Value::Object(object), name) => {
            object.remove(&name).ok_or_else(nothing)?;
            Ok(())
        }
        (Value::Array(list), name) => {
            let at = name.parse().ok().filter(|at: &usize| *at < list.len());
            list.remove(at.ok_or_else(nothing)?);
            Ok(())
        }
        _ => Err(nothing()),
    }
}
