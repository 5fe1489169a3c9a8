using System.Globalization;
using System.Text;

namespace Replicate.Tests.Recording;

/// <summary>Texts that hold a secret, each of another kind, the same ones each time.</summary>
internal static class PlantedSecrets
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Hex = "0123456789abcdef";
    private const string Mixed = Upper + Lower + Digits;
    private const string Dashed = Mixed + "-_";

    private static readonly string[] Names = ["password", "DB_PASSWORD", "api_key", "client_secret", "accessToken", "hf_token", "AZURE_STORAGE_KEY", "aws_secret_access_key", "passphrase", "connectionString"];
    private static readonly string[] Programs = ["python train.py", "./fit", "pwsh -File run.ps1", "accelerate launch main.py"];

    private static readonly (string Kind, Func<Random, (string Text, string Secret)> Make)[] Kinds =
    [
        ("option", r => Word(r) is var s ? ($"{Of(r, Programs)} --lr 0.1 --{Of(r, "api-key", "password", "token", "db-password", "secret-key")} {s} --epochs 5", s) : default),
        ("option with =", r => Word(r) is var s ? ($"{Of(r, Programs)} --{Of(r, "api_key", "password", "hub-token", "client-secret")}={s} -v", s) : default),
        ("option of PowerShell", r => Word(r) is var s ? ($".\\train.ps1 -{Of(r, "Password", "ApiKey", "AccessToken", "DbPassword")} '{s}' -Epochs 3", s) : default),
        ("quoted option with blanks", r => Word(r) + " " + Word(r) is var s ? ($"train --password \"{s}\" --lr 1", s) : default),
        ("quoted option with a quote", r => Word(r) is var s ? ($"train --password 'O'\\''{s}' --lr 1", s) : default),
        ("slash option", r => Word(r) is var s ? ($"sqltool /user:sa /password:{s} /q", s) : default),
        ("continued line", r => Word(r) is var s ? ($"train.py --password \\\n    {s} \\\n    --lr 0.1", s) : default),
        ("variable before a command", r => Word(r) is var s ? ($"{Of(r, "WANDB_API_KEY", "HF_TOKEN", "DB_PASSWORD", "MY_SECRET")}={s} python train.py", s) : default),
        ("export", r => Word(r) is var s ? ($"export {Of(r, "OPENAI_API_KEY", "PGPASSWORD", "VAULT_TOKEN")}=\"{s}\"", s) : default),
        ("PowerShell variable", r => Word(r) is var s ? ($"$env:{Of(r, "API_KEY", "AUTH_TOKEN", "SQL_PASSWORD")} = '{s}'; ./train.ps1", s) : default),
        ("secure string", r => Word(r) is var s ? ($"$p = ConvertTo-SecureString '{s}' -AsPlainText -Force", s) : default),
        ("ini", r => Word(r) is var s ? ($"[database]\nuser = ben\n{Of(r, Names)} = {s}\nport = 5432", s) : default),
        ("yaml", r => Word(r) is var s ? ($"db:\n  user: ben\n  {Of(r, Names)}: {s}\n  port: 5432", s) : default),
        ("yaml block", r => Word(r) is var s ? ($"db:\n  password: |\n    {s}\n  port: 5432", s) : default),
        ("json", r => Word(r) is var s ? ($"{{\"user\": \"ben\", \"{Of(r, Names)}\": \"{s}\", \"port\": 5432}}", s) : default),
        ("json within json", r => Word(r) is var s ? ($"{{\"body\": \"{{\\\"{Of(r, Names)}\\\": \\\"{s}\\\"}}\"}}", s) : default),
        ("dict of Python", r => Word(r) is var s ? ($"config = {{'lr': 0.1, '{Of(r, Names)}': '{s}'}}", s) : default),
        ("namespace of argparse", r => Word(r) is var s ? ($"Namespace(lr=0.1, {Of(r, "password", "api_key", "hf_token")}='{s}', epochs=5)", s) : default),
        ("list of arguments", r => Word(r) is var s ? ($"['train.py', '--{Of(r, "password", "api-key", "token")}', '{s}', '--lr', '0.1']", s) : default),
        ("call with a type", r => Word(r) is var s ? ($"def login(user: str, password: str = \"{s}\"): ...", s) : default),
        ("hash rocket", r => Word(r) is var s ? ($":user => 'x', :password => '{s}'", s) : default),
        ("list of named values", r => Word(r) is var s ? ($"env:\n- name: {Of(r, "API_KEY", "DB_PASSWORD")}\n  value: {s}\n- name: LR\n  value: 0.1", s) : default),
        ("several lines in quotes", r => Word(r) + "\n" + Word(r) is var s ? ($"password: \"{s}\"\nlr: 0.1", s) : default),
        ("set", r => Some(r, Mixed, 40) is var s ? ($"aws configure set aws_secret_access_key {s} --profile x", s) : default),
        ("pair of requests", r => Word(r) is var s ? ($"requests.get(url, auth=('ben', '{s}'), timeout=3)", s) : default),
        ("header in a dict", r => Some(r, Lower, 12) is var s ? ($"headers = {{'Accept': '*/*', 'Authorization': 'Token {s}'}}", s) : default),
        ("xml", r => Word(r) is var s ? ($"<server><username>ben</username><password>{s}</password></server>", s) : default),
        ("url with a password", r => Word(r) is var s ? ($"{Of(r, "https", "postgres", "redis", "mongodb+srv", "s3", "amqp")}://ben:{s}@host.example:5432/db?x=1", s) : default),
        ("url with a slash in the password", r => Word(r) + "/" + Word(r) is var s ? ($"mysql://root:{s}@db/x", s) : default),
        ("git remote", r => "ghx" + Some(r, Mixed, 30) + "1" is var s ? ($"origin https://{s}@{Of(r, "github.com", "dev.azure.com")}/org/repo.git", s) : default),
        ("pip index", r => Some(r, Mixed, 20) is var s ? ($"--extra-index-url https://__token__:{s}@pkgs.example/simple", s) : default),
        ("connection string", r => Word(r) + " " + Word(r) is var s ? ($"Server=db;Database=x;User Id=sa;{Of(r, "Password", "Pwd")}={s};Encrypt=true", s) : default),
        ("storage connection string", r => Some(r, Mixed + "+/", 86) + "==" is var s ? ($"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={s};EndpointSuffix=core.windows.net", s) : default),
        ("service bus", r => Some(r, Mixed, 43) + "=" is var s ? ($"Endpoint=sb://x.example/;SharedAccessKeyName=Root;SharedAccessKey={s}", s) : default),
        ("shared access signature", r => Some(r, Mixed + "%", 40) + "%3D" is var s ? ($"https://x.blob.example/c/m.pt?sv=2024-11-04&sp=r&sig={s}&se=2027", s) : default),
        ("presigned url", r => Some(r, Hex, 64) is var s ? ($"https://b.s3.example/k?X-Amz-Algorithm=AWS4&X-Amz-Signature={s}", s) : default),
        ("token in a query", r => Some(r, Mixed, 24) is var s ? ($"GET https://host/api?{Of(r, "access_token", "api_key", "token", "client_secret")}={s}&page=2", s) : default),
        ("slack webhook", r => $"T{Some(r, Upper, 8)}/B{Some(r, Upper, 8)}/{Some(r, Mixed, 24)}" is var s ? ($"post to https://hooks.slack.com/services/{s} failed", s) : default),
        ("discord webhook", r => Some(r, Dashed, 68) is var s ? ($"https://discord.com/api/webhooks/{Some(r, Digits, 18)}/{s}", s) : default),
        ("teams webhook", r => Some(r, Hex, 32) is var s ? ($"https://x.webhook.office.com/webhookb2/{Some(r, Hex, 8)}@y/IncomingWebhook/{s}/z", s) : default),
        ("bearer", r => Some(r, Dashed, 30) + "1a" is var s ? ($"curl -H 'Authorization: Bearer {s}' https://host", s) : default),
        ("basic", r => Some(r, Mixed, 22) + "==" is var s ? ($"Authorization: Basic {s}\r\nAccept: */*", s) : default),
        ("header", r => Some(r, Mixed, 26) is var s ? ($"-H \"{Of(r, "X-Api-Key", "PRIVATE-TOKEN", "X-Auth-Token")}: {s}\"", s) : default),
        ("cookie", r => Some(r, Mixed, 26) is var s ? ($"Cookie: session={s}; theme=dark", s) : default),
        ("mysql", r => Word(r) is var s ? ($"mysql -u root -p{s} db < x.sql", s) : default),
        ("sshpass", r => Word(r) is var s ? ($"sshpass -p {s} ssh host nvidia-smi", s) : default),
        ("docker login", r => Word(r) is var s ? ($"{Of(r, "docker", "podman", "helm", "az")} login -u ben -p {s} registry", s) : default),
        ("curl", r => Word(r) is var s ? ($"curl -s -u ben:{s} https://host/data.csv", s) : default),
        ("redis-cli", r => Word(r) is var s ? ($"redis-cli -h host -a {s} ping", s) : default),
        ("openssl", r => Word(r) is var s ? ($"openssl enc -d -aes256 -pass pass:{s} -in m.enc", s) : default),
        ("wandb login", r => Some(r, Hex, 40) is var s ? ($"wandb login {s}", s) : default),
        ("netrc", r => Some(r, Hex, 40) is var s ? ($"machine api.wandb.ai\n  login user\n  password {s}", s) : default),
        ("private key", r => Some(r, Mixed + "+/", 64) is var s ? ($"-----BEGIN {Of(r, "RSA ", "EC ", "OPENSSH ", "")}PRIVATE KEY-----\n{s}\n-----END RSA PRIVATE KEY-----\ndone", s) : default),
        ("private key cut short", r => Some(r, Mixed + "+/", 64) is var s ? ($"key: -----BEGIN PRIVATE KEY-----\\nMIIE\\n{s}", s) : default),
        ("signed token", r => $"eyJ{Some(r, Mixed, 30)}.eyJ{Some(r, Dashed, 60)}.{Some(r, Dashed, 43)}" is var s ? ($"got {s}, retrying", s) : default),
        ("aws", r => Of(r, "AKIA", "ASIA") + Some(r, Upper, 16) is var s ? ($"InvalidAccessKeyId: {s} does not exist", s) : default),
        ("github", r => Of(r, "ghp_", "gho_", "ghs_", "ghr_") + Some(r, Mixed, 36) is var s ? ($"fatal: auth failed for '{s}'", s) : default),
        ("github fine-grained", r => "github_pat_" + Some(r, Mixed, 22) + "_" + Some(r, Mixed, 59) is var s ? ($"({s})", s) : default),
        ("gitlab", r => "glpat-" + Some(r, Dashed, 20) is var s ? ($"x={s}", s) : default),
        ("hugging face", r => "hf_" + Some(r, Upper + Lower, 34) is var s ? ($"401 for {s}", s) : default),
        ("openai", r => Of(r, "sk-proj-", "sk-svcacct-") + Some(r, Dashed, 60) + "7" is var s ? ($"Incorrect API key provided: {s}.", s) : default),
        ("openai of old", r => "sk-" + Some(r, Mixed, 20) + "T3BlbkFJ" + Some(r, Mixed, 19) + "9" is var s ? ($"[{s}]", s) : default),
        ("anthropic", r => "sk-ant-api03-" + Some(r, Dashed, 90) is var s ? ($"\\n{s}\\n", s) : default),
        ("google", r => Of(r, "AIza" + Some(r, Dashed, 35), "ya29." + Some(r, Dashed, 60)) is var s ? ($"key {s}", s) : default),
        ("slack", r => $"xoxb-{Some(r, Digits, 12)}-{Some(r, Mixed, 24)}" is var s ? ($"slack {s}", s) : default),
        ("stripe", r => "sk_live_" + Some(r, Mixed, 24) + "1" is var s ? ($"stripe {s}", s) : default),
        ("npm", r => "npm_" + Some(r, Mixed, 36) is var s ? ($"//registry.example/:_authToken={s}", s) : default),
        ("pypi", r => "pypi-AgEIcHlwaS5vcmc" + Some(r, Dashed, 80) is var s ? ($"twine upload -u __token__ -p {s}", s) : default),
        ("sendgrid", r => $"SG.{Some(r, Dashed, 22)}.{Some(r, Dashed, 42)}5" is var s ? ($"mail: {s}", s) : default),
        ("twilio", r => "SK" + Some(r, Hex, 32) is var s ? ($"sms {s}", s) : default),
        ("digital ocean", r => "dop_v1_" + Some(r, Hex, 64) is var s ? ($"do {s}", s) : default),
        ("databricks", r => "dapi" + Some(r, Hex, 32) is var s ? ($"dbx {s}", s) : default),
        ("azure client secret", r => $"{Some(r, Mixed, 3)}8Q~{Some(r, Dashed, 34)}" is var s ? ($"AADSTS7000215: Invalid client secret {s} provided", s) : default),
        ("telegram", r => $"{Some(r, "123456789", 10)}:AA{Some(r, Dashed, 33)}" is var s ? ($"bot {s}", s) : default),
    ];

    /// <summary>The kinds.</summary>
    internal static IReadOnlyList<string> KindNames { get; } = [.. Kinds.Select(kind => kind.Kind)];

    /// <summary>So many of each kind.</summary>
    internal static IEnumerable<(string Kind, string Text, string Secret)> All(int ofEach)
    {
        foreach (var (kind, make) in Kinds)
        {
            var random = new Random(kind.Sum(c => c) + ofEach);
            for (var i = 0; i < ofEach; i++)
            {
                var (text, secret) = make(random);
                yield return (kind, text, secret);
            }
        }
    }

    // As people make passwords: a letter, a digit, sometimes something else.
    private static string Word(Random random) =>
        Some(random, Upper, 1) + Some(random, Lower, 5) + Of(random, "!", "$", "#", "", "%", "+", ".", "-") + Some(random, Digits, 4) + Some(random, Lower, 3);

    private static string Some(Random random, string alphabet, int length)
    {
        var text = new StringBuilder(length);
        for (var i = 0; i < length; i++)
        {
            text.Append(alphabet[random.Next(alphabet.Length)]);
        }

        return text.ToString();
    }

    private static string Of(Random random, params string[] texts) => texts[random.Next(texts.Length)];
}

/// <summary>Texts as they come in training, which hold no secret, the same ones each time.</summary>
internal static class HarmlessTexts
{
    private const string Hex = "0123456789abcdef";

    private static readonly string[] Models =
    [
        "sk-learn-randomforestclassifier", "sk-resnet50-imagenet-pretrained-v2", "resnet50", "bert-base-uncased", "meta-llama/Llama-3.1-8B-Instruct", "hf-internal-testing/tiny-random-gpt2",
        "openai/whisper-large-v3", "google/vit-base-patch16-224-in21k", "timm/convnext_tiny.fb_in22k", "hf_transformers_resnet_50_distilled_v2", "npm_package_lock_v3", "pk-means-clustering-minibatch",
        "sk-SKLEARN-GradientBoosting", "pypi-server-mirror-repository", "AKIBA", "SG.linear", "glpat", "key-value-memory-network", "xlm-roberta-base", "facebook/opt-125m",
    ];

    private static readonly string[] Counts =
    [
        "n_token", "max_new_tokens", "max_tokens", "image_token", "ignore_token", "num_token", "token_count", "tokens_per_second", "max_new_token", "eos_token_id", "vocab_size",
        "key_dim", "n_keys", "password_length", "secret_sauce_weight", "num_secrets_found", "token_dropout", "keypoints", "n_passes", "tokenizer_batch", "credential_stuffing_auc",
    ];

    private static readonly string[] TextTokens = ["pad_token", "eos_token", "bos_token", "unk_token", "mask_token", "sep_token", "cls_token", "image_token", "placeholder_token", "stop_token"];
    private static readonly string[] Specials = ["</s>", "<s>", "[PAD]", "[MASK]", "<|endoftext|>", "<|im_end|>", "<pad>", "<image>", "<cat-toy>"];
    private static readonly string[] Words = ["loss", "train", "epoch", "the", "gradient", "of", "batch", "norm", "was", "clipped", "warmup", "scheduler", "token", "key", "secret", "password", "saved", "model"];

    private static readonly Func<Random, string>[] Kinds =
    [
        r => $"{Of(r, Counts)}={r.Next(100_000)}",
        r => $"--{Of(r, Counts).Replace('_', '-')} {r.Next(100_000)} --lr {Number(r)}",
        r => $"{{\"{Of(r, Counts)}\": {r.Next(100_000)}, \"lr\": {Number(r)}}}",
        r => $"{Of(r, TextTokens)}={Of(r, Specials)}",
        r => $"{{'{Of(r, TextTokens)}': '{Of(r, Specials)}'}}",
        r => $"python train.py --tokenizer {Of(r, Models)} --epochs {r.Next(100)} --pad_token {Of(r, Specials)} --seed {r.NextInt64()}",
        r => Of(r, Models),
        r => $"--model {Of(r, Models)} -p {r.Next(10_000)} -u {r.Next(9)} --patience {r.Next(20)}",
        r => $"commit {Digits(r, 40)} (branch {Of(r, "main", "feature/token-mixer", "fix/api-key-docs", "secret-santa")})",
        r => $"sha256:{Digits(r, 64)}",
        r => $"{Digits(r, 8)}-{Digits(r, 4)}-{Digits(r, 4)}-{Digits(r, 4)}-{Digits(r, 12)}",
        r => $"checkpoint {Digits(r, 7)} md5={Digits(r, 32)}",
        r => $"integrity sha512-{Convert.ToBase64String(Bytes(r, 64))}",
        r => $"/data/{Of(r, Words)}/{Of(r, Words)}-{r.Next(1000)}/{Of(r, "tokens", "keys", "secrets", "passwords")}.bin",
        r => $"C:\\Users\\ben\\{Of(r, Words)}\\model_{r.Next(100)}.pt",
        r => $"s3://bucket/{Of(r, Words)}/run-{r.Next(1000)}/weights.safetensors",
        r => $"https://host.example:{r.Next(1000, 9999)}/a/b@{r.Next(9)}.{r.Next(9)}?page={r.Next(99)}&sort=key",
        r => $"git@github.com:org/{Of(r, Words)}.git ssh://git@host/repo https://org@dev.azure.com/org/p/_git/r",
        r => $"2026-11-27 01:0{r.Next(10)}:{r.Next(10, 60)},123 INFO trainer.py:{r.Next(900)}: epoch {r.Next(90)}/90 loss={Number(r)} acc: {Number(r)} ({Number(r)} tokens/s)",
        r => string.Join(' ', Enumerable.Range(0, r.Next(4, 14)).Select(_ => Of(r, Words))) + ".",
        r => $"SyntaxError: Unexpected token: {Of(r, "}", "'else'", "end", "EOF", "string")} in JSON at position {r.Next(900)}",
        r => $"KeyError: '{Of(r, Words)}' at line {r.Next(900)}; the key: {Of(r, Words)}",
        r => $"optimizer={Of(r, "adam", "sgd")} betas=(0.9, 0.{r.Next(99)}) primary_key=id sort_key={Of(r, Words)} key={Of(r, Words)}",
        r => $"File \"/opt/venv/lib/python3.12/site-packages/{Of(r, Words)}.py\", line {r.Next(900)}, in get_token\n    token = os.environ[\"{Of(r, "HF_TOKEN", "X")}\"]",
        r => $"one_pass={Of(r, "first", "full")} forward_pass: {Number(r)}ms bypass={Of(r, "true", "false")} multi_pass=yes",
        r => $"password=*** api_key=null token=None secret: false auth_token=\"\" --token ***",
        r => $"{Number(r)} {Number(r)} {Number(r)}",
        r => $"Downloading {Of(r, Models)}: {r.Next(100)}%|███   | {r.Next(900)}/{r.Next(900)} [00:0{r.Next(9)}<00:01, {Number(r)}it/s]",
        r => $"CUDA_VISIBLE_DEVICES={r.Next(8)} OMP_NUM_THREADS={r.Next(64)} torchrun --nproc_per_node={r.Next(8)} train.py",
        r => $"docker run --gpus all -p {r.Next(1000, 9999)}:80 -u {r.Next(1000)}:{r.Next(1000)} -w /workspace pytorch/pytorch:2.{r.Next(9)}-cuda12.{r.Next(9)}",
        r => $"$env:EPOCHS = {r.Next(9)}; ./train.ps1 -LearningRate {Number(r)} -KeyPath ./keys -TokenFile ./tokens.txt -Verbose",
        r => $"layers=[{r.Next(512)}, {r.Next(512)}], dropout: {Number(r)}, act: '{Of(r, "relu", "gelu")}'",
        r => $"torch=={r.Next(3)}.{r.Next(9)}.{r.Next(9)}+cu12{r.Next(9)} tokenizers==0.2{r.Next(9)}.0 sacremoses secretstorage==3.{r.Next(9)} keyring==25.{r.Next(9)}",
    ];

    /// <summary>So many.</summary>
    internal static IEnumerable<string> All(int count)
    {
        var random = new Random(5000);
        return Enumerable.Range(0, count).Select(i => Kinds[i % Kinds.Length](random));
    }

    private static string Number(Random random) => random.NextDouble().ToString("G" + random.Next(2, 12).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Digits(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Hex[random.Next(16)]));

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Of(Random random, params string[] texts) => texts[random.Next(texts.Length)];
}
