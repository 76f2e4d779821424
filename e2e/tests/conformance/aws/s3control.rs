//! What is asked of S3 Control.

use cairn_e2e::moto::ACCOUNT;

use super::script::{HOME, Script};

const NAMESPACE: &str = "http://awss3control.amazonaws.com/doc/2018-08-20/";

/// The script.
pub(super) fn script(script: &mut Script) {
    account(script);
    access_points(script);
    tags(script);
}

/// Asks about what is below this path.
fn ask(script: &mut Script, operation: &'static str, path: &str, body: &str) {
    let headers = [("x-amz-account-id", ACCOUNT), ("content-type", "application/xml")];
    script.s3_in(HOME, operation, &format!("/v20180820/{path}"), body, &headers);
}

fn document(root: &str, content: &str) -> String {
    format!("<{root} xmlns=\"{NAMESPACE}\">{content}</{root}>")
}

fn account(script: &mut Script) {
    const PATH: &str = "configuration/publicAccessBlock";
    let block = |content: &str| document("PublicAccessBlockConfiguration", content);
    ask(script, "GetPublicAccessBlock", PATH, "");
    for content in [
        "<BlockPublicAcls>true</BlockPublicAcls><RestrictPublicBuckets>false</RestrictPublicBuckets>",
        "<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>",
    ] {
        ask(script, "PutPublicAccessBlock", PATH, &block(content));
        ask(script, "GetPublicAccessBlock", PATH, "");
    }
    for _ in 0..2 {
        ask(script, "DeletePublicAccessBlock", PATH, "");
        ask(script, "GetPublicAccessBlock", PATH, "");
    }
}

fn access_points(script: &mut Script) {
    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*"}]}"#;
    let vpc = "<VpcConfiguration><VpcId>vpc-1</VpcId></VpcConfiguration>";
    for (name, more) in [("open-point", ""), ("closed-point", vpc)] {
        let (point, policy) = (format!("accesspoint/{name}"), format!("accesspoint/{name}/policy"));
        ask(script, "GetAccessPoint", &point, "");
        ask(script, "GetAccessPointPolicy", &policy, "");
        let asked = document("CreateAccessPointRequest", &format!("<Bucket>photos</Bucket>{more}"));
        ask(script, "CreateAccessPoint", &point, &asked);
        ask(script, "GetAccessPoint", &point, "");
        ask(script, "GetAccessPointPolicy", &policy, "");
        let asked = document("PutAccessPointPolicyRequest", &format!("<Policy>{POLICY}</Policy>"));
        ask(script, "PutAccessPointPolicy", &policy, &asked);
        ask(script, "GetAccessPointPolicy", &policy, "");
        ask(script, "DeleteAccessPointPolicy", &policy, "");
        ask(script, "GetAccessPointPolicy", &policy, "");
        ask(script, "DeleteAccessPoint", &point, "");
        ask(script, "GetAccessPoint", &point, "");
    }
}

fn tags(script: &mut Script) {
    let tag = |key: &str, value: &str| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    let tags = format!("tags/arn%3Aaws%3As3%3A{HOME}%3A{ACCOUNT}%3Aaccesspoint%2Ftagged-point");
    let born = format!("<Bucket>photos</Bucket><Tags>{}{}</Tags>", tag("a", "1"), tag("b", ""));
    ask(script, "CreateAccessPoint", "accesspoint/tagged-point", &document("CreateAccessPointRequest", &born));
    ask(script, "ListTagsForResource", &tags, "");
    let more = format!("<Tags>{}{}</Tags>", tag("b", "2"), tag("c", "3"));
    ask(script, "TagResource", &tags, &document("TagResourceRequest", &more));
    ask(script, "ListTagsForResource", &tags, "");
    ask(script, "UntagResource", &format!("{tags}?tagKeys=a&tagKeys=c"), "");
    ask(script, "ListTagsForResource", &tags, "");
}
