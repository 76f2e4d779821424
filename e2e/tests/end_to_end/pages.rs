//! The pages that people follow when they install Cairn: what they tell people to run can be run.

use std::{fs, process::Command};

use cairn_e2e::{
    Error, Result,
    command::run,
    error::ensure,
    helm::{NAMESPACE, RELEASE},
    operator::up_to_date,
    workspace,
};
use serde_json::Value;

use crate::fixture::{Room, in_cluster};

#[test]
fn what_the_page_for_eks_says_can_be_run() -> Result<()> {
    in_cluster("page-eks", |room| {
        let commands = commands("docs/install-eks.md")?;
        let of = |program: &str| commands.iter().filter(|command| command[0] == program).collect::<Vec<_>>();
        for command in of("helm") {
            installs(room, command)?;
        }
        ensure(of("helm").len() == 3 && of("aws").len() == 3, || format!("other commands: {commands:?}"))?;
        policy(room, of("docker")[0])?;
        let trust = of("aws").into_iter().find_map(|command| after(command, "--assume-role-policy-document"));
        let trust: Value = trust.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let principal = &trust["Statement"][0]["Principal"]["Service"];
        ensure(principal == "pods.eks.amazonaws.com", || format!("the role trusts {trust}"))
    })
}

/// The chart takes the values, and the pod runs under the service account to which the page gives the role.
fn installs(room: &Room, command: &[String]) -> Result<()> {
    ensure(command[1..3] == ["install", RELEASE], || format!("{command:?} installs something else"))?;
    ensure(after(command, "--namespace") == Some(NAMESPACE), || format!("{command:?} installs elsewhere"))?;
    let values = command.windows(2).filter(|pair| pair[0] == "--set").filter_map(|pair| pair[1].split_once('='));
    let manifest = room.stage.helm.template(&values.collect::<Vec<_>>())?;
    ensure(manifest.contains("serviceAccountName: \"cairn\"\n"), || format!("another service account: {manifest}"))?;
    for value in values_of(command) {
        ensure(manifest.contains(value), || format!("{value} is nowhere in: {manifest}"))?;
    }
    Ok(())
}

/// The values of a command that must be found again in what the chart renders; switches become flags.
fn values_of(command: &[String]) -> Vec<&str> {
    let set = command.windows(2).filter(|pair| pair[0] == "--set").filter_map(|pair| pair[1].split_once('='));
    set.map(|(name, value)| match name {
        "aws.useFipsEndpoint" => "--aws-use-fips-endpoint",
        "aws.useDualstackEndpoint" => "--aws-use-dualstack-endpoint",
        _ => value,
    })
    .collect()
}

/// The image's command prints a policy.
fn policy(room: &Room, command: &[String]) -> Result<()> {
    let arguments = command.iter().skip_while(|word| !word.starts_with("REGISTRY")).skip(1);
    let arguments: Vec<_> = arguments.take_while(|word| *word != ">").collect();
    let printed = run(Command::new(up_to_date(&room.stage.progress)?).args(arguments), None)?;
    let policy: Value = serde_json::from_str(&printed).map_err(|error| Error::Wrong(error.to_string()))?;
    // AWS's quota for the policies inside a role, without white space.
    let length = policy.to_string().len();
    ensure(policy["Version"] == "2012-10-17" && length <= 10_240, || format!("{length} characters: {printed}"))
}

fn after<'a>(command: &'a [String], flag: &str) -> Option<&'a str> {
    command.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1].as_str())
}

/// The commands of a page, in words, as a shell splits them.
pub(crate) fn commands(page: &str) -> Result<Vec<Vec<String>>> {
    let path = workspace().join(page);
    let text = fs::read_to_string(&path).map_err(|source| Error::file(&path, source))?;
    let blocks = text.split("```console\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    let lines = blocks.flat_map(|block| block.lines().map(words).collect::<Vec<_>>());
    Ok(lines.filter(|words| !words.is_empty()).collect())
}

/// Words between blanks; between single quotes everything is one.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(index, part)| match index % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}
