//! The model of the S3 API: which members the configuration of a bucket has, and how each goes over the wire.

use serde_json::Value;

/// One member of what an operation takes or answers.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The operation and the way to the member, with dots: `PutBucketCors.CORSConfiguration.CORSRules.ID`.
    pub(crate) name: String,
    /// The word in the query that says what of a bucket the operation is about; empty for the bucket itself.
    pub(crate) query: String,
    /// Where it is in a message.
    pub(crate) place: Place,
}

/// Where a member is in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Below this way of elements; the last may be an attribute.
    Body(String),
    /// In the header of this name.
    Header(String),
    /// In the parameter of this name.
    Parameter(String),
    /// The body is the member, and no XML.
    Whole,
}

/// The model, as botocore has it.
#[derive(Debug)]
pub(crate) struct Model(Value);

impl Model {
    pub(crate) fn new(model: Value) -> Self {
        Self(model)
    }

    /// The members of all operations that write or read the configuration of a bucket. Operations that AWS has deprecated
    /// are of no account, and neither is what every request says.
    pub(crate) fn members(&self) -> Vec<Member> {
        let operations = self.0["operations"].as_object().unwrap();
        let current = operations.iter().filter(|(_, operation)| operation["deprecated"] != true);
        let mut members = Vec::new();
        for (name, operation) in current {
            let Some(query) = about_buckets(operation) else { continue };
            let side = match name.as_str() {
                name if ["Put", "Create", "Update"].iter().any(|verb| name.starts_with(verb)) => "input",
                name if ["Get", "ListBucket"].iter().any(|verb| name.starts_with(verb)) => "output",
                _ => continue,
            };
            self.of_message(&Member { name: name.clone(), query, place: Place::Whole }, &operation[side], &mut members);
        }
        members
    }

    fn of_message(&self, operation: &Member, message: &Value, members: &mut Vec<Member>) {
        let Some(shape) = self.shape(message) else { return };
        for (name, member) in shape["members"].as_object().into_iter().flatten() {
            if OF_EVERY_REQUEST.contains(&name.as_str()) {
                continue;
            }
            let wire = member["locationName"].as_str().unwrap_or(name).to_owned();
            let place = match member["location"].as_str() {
                Some("header") => Place::Header(wire.to_lowercase()),
                Some("querystring") => Place::Parameter(wire),
                _ if shape["payload"] == **name && !self.is_structure(member) => Place::Whole,
                _ => Place::Body(wire),
            };
            let member_of = Member { name: format!("{}.{name}", operation.name), place, ..operation.clone() };
            self.below(&member_of, member, &mut Vec::new(), members);
        }
    }

    /// The member and all that is in it.
    fn below(&self, member: &Member, reference: &Value, above: &mut Vec<String>, members: &mut Vec<Member>) {
        members.push(member.clone());
        let name = reference["shape"].as_str().unwrap_or_default().to_owned();
        let (Place::Body(way), Some(shape), false) = (&member.place, self.shape(reference), above.contains(&name))
        else {
            return;
        };
        above.push(name);
        match shape["type"].as_str() {
            Some("structure") => {
                for (name, inner) in shape["members"].as_object().into_iter().flatten() {
                    let wire = inner["locationName"].as_str().unwrap_or(name);
                    let place = Place::Body(format!("{way}/{wire}"));
                    let inner_of = Member { name: format!("{}.{name}", member.name), place, ..member.clone() };
                    self.below(&inner_of, inner, above, members);
                }
            }
            Some("list") => {
                let item = &shape["member"];
                let flat = shape["flattened"] == true || reference["flattened"] == true;
                let wire = item["locationName"].as_str().unwrap_or("member");
                let way = if flat { way.clone() } else { format!("{way}/{wire}") };
                let item_of = Member { place: Place::Body(way), ..member.clone() };
                // The item has the list's name, and stands for it.
                members.pop();
                self.below(&item_of, item, above, members);
            }
            _ => {}
        }
        above.pop();
    }

    fn shape(&self, reference: &Value) -> Option<&Value> {
        self.0["shapes"].get(reference["shape"].as_str()?)
    }

    fn is_structure(&self, reference: &Value) -> bool {
        self.shape(reference).is_some_and(|shape| shape["type"] == "structure")
    }
}

/// What has nothing to do with what is configured: the bucket, who owns it, checksums.
const OF_EVERY_REQUEST: [&str; 4] = ["Bucket", "ExpectedBucketOwner", "ContentMD5", "ChecksumAlgorithm"];

/// The word in the query of an operation that is about a bucket and not about objects.
fn about_buckets(operation: &Value) -> Option<String> {
    const ABOUT_OBJECTS: [&str; 5] = ["session", "delete", "uploads", "versions", "list-type=2"];
    let uri = operation["http"]["requestUri"].as_str()?;
    let query = uri.strip_prefix("/{Bucket}").filter(|rest| !rest.contains("{Key"))?.trim_start_matches('?');
    (!ABOUT_OBJECTS.contains(&query)).then(|| query.to_owned())
}
