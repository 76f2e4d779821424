//! What is refused to the public in an account, in all its regions alike.

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        world::World,
    },
    Request, body,
    operation::Verb,
    root,
    state::{read_block, write_block},
};

const DOCUMENT: &str = "PublicAccessBlockConfiguration";

pub(super) fn handle(world: &mut World, request: &Request<'_>, verb: Verb) -> Outcome<Answer> {
    let blocks = &mut world.control.blocks;
    match verb {
        Verb::Get => {
            let block = blocks.get(&request.account).copied().ok_or_else(|| {
                let message = "The public access block configuration was not found";
                S3Error::new(404, "NoSuchPublicAccessBlockConfiguration", message).field("AccountId", &request.account)
            })?;
            Ok(Answer::xml(200, &write_block(root(DOCUMENT), block)))
        }
        Verb::Put => {
            let block = read_block(&body(request, DOCUMENT)?, false)?;
            blocks.insert(request.account.clone(), block);
            Ok(Answer::empty(200))
        }
        Verb::Delete => {
            blocks.remove(&request.account);
            Ok(Answer::empty(200))
        }
    }
}
