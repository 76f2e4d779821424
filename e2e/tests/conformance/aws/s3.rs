//! The script for S3.

use serde_json::json;

use super::script::{HOME, Script};

const ABROAD: &str = "eu-west-1";

const BUCKETS: [&str; 11] = [
    "blocked",
    "encrypted",
    "governed",
    "owned",
    "plain",
    "scrap",
    "second",
    "tagged",
    "unblocked",
    "versioned",
    "walled",
];

/// A part of a bucket's configuration: query name, words of the operations, a good document.
struct Part {
    query: &'static str,
    get: &'static str,
    put: &'static str,
    delete: Option<&'static str>,
    good: fn(&str) -> String,
}

const PARTS: [Part; 6] = [
    Part {
        query: "tagging",
        get: "GetBucketTagging",
        put: "PutBucketTagging",
        delete: Some("DeleteBucketTagging"),
        good: |_| tagging(&[("team", "a"), ("stage", "")]),
    },
    Part {
        query: "versioning",
        get: "GetBucketVersioning",
        put: "PutBucketVersioning",
        delete: None,
        good: |_| versioning("<Status>Enabled</Status>"),
    },
    Part {
        query: "encryption",
        get: "GetBucketEncryption",
        put: "PutBucketEncryption",
        delete: Some("DeleteBucketEncryption"),
        good: |_| encryption("<SSEAlgorithm>aws:kms</SSEAlgorithm>", "<BucketKeyEnabled>true</BucketKeyEnabled>"),
    },
    Part {
        query: "policy",
        get: "GetBucketPolicy",
        put: "PutBucketPolicy",
        delete: Some("DeleteBucketPolicy"),
        good: |bucket| policy(bucket, "arn:aws:iam::123456789012:root"),
    },
    Part {
        query: "publicAccessBlock",
        get: "GetPublicAccessBlock",
        put: "PutPublicAccessBlock",
        delete: Some("DeletePublicAccessBlock"),
        good: |_| access_block("<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls>"),
    },
    Part {
        query: "ownershipControls",
        get: "GetBucketOwnershipControls",
        put: "PutBucketOwnershipControls",
        delete: Some("DeleteBucketOwnershipControls"),
        good: |_| ownership("BucketOwnerPreferred"),
    },
];

/// Everything that is asked of S3.
pub(crate) fn script(script: &mut Script) {
    of_nothing(script);
    buckets(script);
    creations(script);
    for bucket in ["plain", "second"] {
        new_bucket(script, bucket);
        parts(script, bucket);
    }
    scrap(script);
    tags(script);
    versions(script);
    encryptions(script);
    policies(script);
    access_blocks(script);
    ownerships(script);
    deletions(script);
}

fn of_nothing(script: &mut Script) {
    script.s3("HeadBucket", "/nowhere", "");
    script.s3("DeleteBucket", "/nowhere", "");
    script.s3("GetBucketLocation", "/nowhere?location", "");
    for part in &PARTS {
        let path = format!("/nowhere?{}", part.query);
        script.s3(part.get, &path, "");
        script.s3(part.put, &path, (part.good)("nowhere"));
        if let Some(delete) = part.delete {
            script.s3(delete, &path, "");
        }
    }
}

fn buckets(script: &mut Script) {
    script.s3("ListBuckets", "/", "");
    script.s3_in(ABROAD, "CreateBucket", "/abroad", location(ABROAD), &[]);
    // In the order of their names, in which S3 lists them.
    for name in BUCKETS {
        script.s3("CreateBucket", &format!("/{name}"), "");
    }
    script.s3("HeadBucket", "/plain", "");
    script.s3("GetBucketLocation", "/plain?location", "");
    script.s3_in(ABROAD, "HeadBucket", "/abroad", "", &[]);
    script.s3_in(ABROAD, "GetBucketLocation", "/abroad?location", "", &[]);
    script.s3_in(ABROAD, "CreateBucket", "/abroad", location(ABROAD), &[]);
    script.s3("CreateBucket", "/plain", "");
    script.s3("HeadBucket", "/abroad", "");
    script.s3("ListBuckets", "/", "");
    script.s3("ListBuckets", "/?prefix=plain", "");
    script.s3("ListBuckets", "/?max-buckets=2", "");
    script.s3("ListBuckets", "/?max-buckets=0", "");
    script.s3("ListBuckets", "/?bucket-region=eu-west-1", "");
}

fn creations(script: &mut Script) {
    script.s3_in(ABROAD, "CreateBucket", "/unsaid", "", &[]);
    script.s3_in(ABROAD, "CreateBucket", "/elsewhere", location("us-west-2"), &[]);
    script.s3("CreateBucket", "/homely", location(HOME));
    script.s3("CreateBucket", "/marsian", location("mars-north-1"));
    script.s3("CreateBucket", "/malformed", "<CreateBucketConfiguration><Bogus/></CreateBucketConfiguration>");
    for name in ["ab", "Upper", "under_score", "-dash", "dot..dot", "192.168.5.4", "xn--puny", "name-s3alias"] {
        script.s3("CreateBucket", &format!("/{name}"), "");
    }
    script.s3("CreateBucket", &format!("/{}", "a".repeat(64)), "");
    let owned = [("x-amz-object-ownership", "ObjectWriter")];
    script.s3_in(HOME, "CreateBucket", "/writers", "", &owned);
    script.s3("GetBucketOwnershipControls", "/writers?ownershipControls", "");
    script.s3_in(HOME, "CreateBucket", "/open", "", &[("x-amz-acl", "public-read")]);
    script.s3_in(HOME, "CreateBucket", "/locked", "", &[("x-amz-bucket-object-lock-enabled", "true")]);
    script.s3("GetBucketVersioning", "/locked?versioning", "");
    script.s3("PutBucketVersioning", "/locked?versioning", versioning("<Status>Suspended</Status>"));
    let with_tags = "<CreateBucketConfiguration><Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags>\
                     </CreateBucketConfiguration>";
    script.s3("CreateBucket", "/born-tagged", with_tags);
    script.s3("GetBucketTagging", "/born-tagged?tagging", "");
}

/// What a bucket has that was just made.
fn new_bucket(script: &mut Script, bucket: &str) {
    for part in &PARTS {
        script.s3(part.get, &format!("/{bucket}?{}", part.query), "");
    }
}

/// Documents that are none, for a bucket at which nobody looks again.
fn scrap(script: &mut Script) {
    for part in &PARTS {
        for wrong in ["no XML", "", "<Other/>"] {
            script.s3(part.put, &format!("/scrap?{}", part.query), wrong);
        }
    }
}

/// Each part comes and goes.
fn parts(script: &mut Script, bucket: &str) {
    for part in &PARTS {
        let path = format!("/{bucket}?{}", part.query);
        script.s3(part.put, &path, (part.good)(bucket));
        script.s3(part.get, &path, "");
        if let Some(delete) = part.delete {
            script.s3(delete, &path, "");
            script.s3(part.get, &path, "");
            script.s3(delete, &path, "");
        }
    }
}

fn tags(script: &mut Script) {
    let long = "k".repeat(129);
    let many: Vec<String> = (0..51).map(|number| format!("k{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|key| (key.as_str(), "v")).collect();
    let value = "v".repeat(257);
    let good: [&[(&str, &str)]; 4] = [&[("a", "1")], &[("b", "2"), ("a", "x y+-=._:/@")], &[], &many[..50]];
    for tags in good {
        script.s3("PutBucketTagging", "/tagged?tagging", tagging(tags));
        script.s3("GetBucketTagging", "/tagged?tagging", "");
    }
    let bad: [&[(&str, &str)]; 5] =
        [&[("a", "1"), ("a", "2")], &[("aws:mine", "1")], &[(&long, "1")], &[("a", &value)], &many];
    for tags in bad {
        script.s3("PutBucketTagging", "/scrap?tagging", tagging(tags));
    }
    for set in ["<Tag><Key>a</Key></Tag>", "<Tag><Value>a</Value></Tag>", "<Tag><Key></Key><Value>a</Value></Tag>"] {
        let body = format!("<Tagging><TagSet>{set}</TagSet></Tagging>");
        script.s3("PutBucketTagging", "/scrap?tagging", body);
    }
}

fn versions(script: &mut Script) {
    for status in ["<Status>Enabled</Status>", "<Status>Suspended</Status>", "<Status>Enabled</Status>"] {
        script.s3("PutBucketVersioning", "/versioned?versioning", versioning(status));
        script.s3("GetBucketVersioning", "/versioned?versioning", "");
    }
    for status in ["<Status>Disabled</Status>", "<Status></Status>", ""] {
        script.s3("PutBucketVersioning", "/scrap?versioning", versioning(status));
    }
}

fn encryptions(script: &mut Script) {
    const KEY: &str = "<KMSMasterKeyID>arn:aws:kms:us-east-1:123456789012:key/1</KMSMasterKeyID>";
    let kms = "<SSEAlgorithm>aws:kms</SSEAlgorithm>";
    let good = [
        ("<SSEAlgorithm>AES256</SSEAlgorithm>".to_owned(), ""),
        (kms.to_owned(), ""),
        (format!("{kms}{KEY}"), "<BucketKeyEnabled>true</BucketKeyEnabled>"),
        (format!("{kms}{KEY}"), "<BucketKeyEnabled>false</BucketKeyEnabled>"),
        ("<SSEAlgorithm>aws:kms:dsse</SSEAlgorithm>".to_owned(), ""),
    ];
    let of_none = format!("<SSEAlgorithm>AES256</SSEAlgorithm>{KEY}");
    for by_default in [of_none.as_str(), "<SSEAlgorithm>ROT13</SSEAlgorithm>", ""] {
        script.s3("PutBucketEncryption", "/scrap?encryption", encryption(by_default, ""));
    }
    for (by_default, more) in good {
        script.s3("PutBucketEncryption", "/encrypted?encryption", encryption(&by_default, more));
        script.s3("GetBucketEncryption", "/encrypted?encryption", "");
    }
    script.s3("DeleteBucketEncryption", "/encrypted?encryption", "");
    script.s3("GetBucketEncryption", "/encrypted?encryption", "");
}

fn policies(script: &mut Script) {
    let open = policy("governed", "*");
    let statement =
        |statement: serde_json::Value| json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
    let allow =
        json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*" });
    let blocked = access_block("<BlockPublicPolicy>true</BlockPublicPolicy>");
    script.s3("PutPublicAccessBlock", "/walled?publicAccessBlock", blocked);
    script.s3("PutBucketPolicy", "/walled?policy", policy("walled", "*"));
    script.s3("DeletePublicAccessBlock", "/governed?publicAccessBlock", "");
    script.s3("PutBucketPolicy", "/governed?policy", open.as_str());
    script.s3("GetBucketPolicy", "/governed?policy", "");
    script.s3("GetBucketPolicyStatus", "/governed?policyStatus", "");
    for wrong in ["{", "[]", "{}", r#"{"Statement":[]}"#] {
        script.s3("PutBucketPolicy", "/scrap?policy", wrong);
    }
    script.s3("PutBucketPolicy", "/scrap?policy", statement(json!([allow])));
    script.s3("PutBucketPolicy", "/scrap?policy", statement(json!([{ "Effect": "Allow" }])));
    script.s3("DeleteBucketPolicy", "/governed?policy", "");
    script.s3("GetBucketPolicyStatus", "/governed?policyStatus", "");
}

fn access_blocks(script: &mut Script) {
    let blocks = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    script.s3("PutPublicAccessBlock", "/unblocked?publicAccessBlock", access_block(""));
    script.s3("GetPublicAccessBlock", "/unblocked?publicAccessBlock", "");
    for set in 1..=blocks.len() {
        let given: Vec<String> = blocks.iter().take(set).map(|block| format!("<{block}>true</{block}>")).collect();
        script.s3("PutPublicAccessBlock", "/blocked?publicAccessBlock", access_block(&given.concat()));
        script.s3("GetPublicAccessBlock", "/blocked?publicAccessBlock", "");
    }
    for wrong in ["<BlockPublicAcls>perhaps</BlockPublicAcls>", "<Bogus>true</Bogus>"] {
        script.s3("PutPublicAccessBlock", "/scrap?publicAccessBlock", access_block(wrong));
    }
}

fn ownerships(script: &mut Script) {
    for value in ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] {
        script.s3("PutBucketOwnershipControls", "/owned?ownershipControls", ownership(value));
        script.s3("GetBucketOwnershipControls", "/owned?ownershipControls", "");
    }
    for wrong in [ownership("Nobody"), ownership(""), "<OwnershipControls></OwnershipControls>".to_owned()] {
        script.s3("PutBucketOwnershipControls", "/scrap?ownershipControls", wrong);
    }
}

fn deletions(script: &mut Script) {
    script.s3("PutObject", "/owned/key", "content");
    script.s3("DeleteBucket", "/owned", "");
    script.s3("HeadBucket", "/owned", "");
    script.s3("DeleteObject", "/owned/key", "");
    script.s3("DeleteBucket", "/owned", "");
    script.s3("HeadBucket", "/owned", "");
    script.s3("DeleteBucket", "/owned", "");
    script.s3("GetBucketTagging", "/owned?tagging", "");
    script.s3("CreateBucket", "/owned", "");
    script.s3("GetBucketTagging", "/owned?tagging", "");
    script.s3("GetBucketVersioning", "/owned?versioning", "");
}

fn location(region: &str) -> String {
    format!("<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>")
}

fn tagging(tags: &[(&str, &str)]) -> String {
    let tag = |(key, value): &(&str, &str)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    let tags: Vec<String> = tags.iter().map(tag).collect();
    format!("<Tagging><TagSet>{}</TagSet></Tagging>", tags.concat())
}

fn versioning(content: &str) -> String {
    format!("<VersioningConfiguration>{content}</VersioningConfiguration>")
}

fn encryption(by_default: &str, more: &str) -> String {
    format!(
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>{by_default}\
         </ApplyServerSideEncryptionByDefault>{more}</Rule></ServerSideEncryptionConfiguration>"
    )
}

fn policy(bucket: &str, principal: &str) -> String {
    let resource = format!("arn:aws:s3:::{bucket}/*");
    let statement = json!({
        "Sid": "read", "Effect": "Allow", "Principal": { "AWS": principal }, "Action": ["s3:GetObject"],
        "Resource": resource,
    });
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}

fn access_block(content: &str) -> String {
    format!("<PublicAccessBlockConfiguration>{content}</PublicAccessBlockConfiguration>")
}

fn ownership(value: &str) -> String {
    format!("<OwnershipControls><Rule><ObjectOwnership>{value}</ObjectOwnership></Rule></OwnershipControls>")
}
