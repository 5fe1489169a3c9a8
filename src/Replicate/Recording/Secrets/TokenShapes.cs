using System.Buffers;

namespace Replicate.Recording.Secrets;

/// <summary>
/// The shapes of the secrets that issuers hand out: prefixes, alphabets and lengths as the issuers document them, told by
/// case. A look at one place of a text takes bounded time but for what it finds.
/// </summary>
internal static class TokenShapes
{
    // No token but a signed one is longer.
    private const int MaxLength = 512;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private static readonly Shape[] All =
    [
        // Longer prefixes first.
        new("github_pat_", Alphabet.Word, 40, "GitHub token"),
        .. Many("GitHub token", Alphabet.Word, 36, "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        .. Many("GitLab token", Alphabet.Dashed, 20, "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glsoat-", "glagent-", "gloas-"),
        .. Many("AWS access key", Alphabet.Upper, 16, "AKIA", "ASIA", "ABIA", "ACCA") .Select(shape => shape with { Max = 16 }),
        new("hf_", Alphabet.Alphanumeric, 30, "Hugging Face token"),
        new("api_org_", Alphabet.Alphanumeric, 30, "Hugging Face token"),
        new("sk-ant-", Alphabet.Dashed, 24, "Anthropic key") { NeedsDigit = true },
        .. Many("OpenAI key", Alphabet.Dashed, 24, "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-").Select(shape => shape with { NeedsDigit = true }),
        new("sk-or-v1-", Alphabet.Hex, 48, "OpenRouter key"),
        new("sk-lf-", Alphabet.Dashed, 30, "Langfuse key") { NeedsDigit = true },
        new("sk-", Alphabet.Alphanumeric, 32, "API key") { NeedsMixture = true },
        new("AIza", Alphabet.Dashed, 35, "Google API key") { Max = 35 },
        new("ya29.", Alphabet.Dotted, 20, "Google token"),
        new("GOCSPX-", Alphabet.Dashed, 24, "Google client secret"),
        new("1//0", Alphabet.Dashed, 40, "Google token"),
        .. Many("Slack token", Alphabet.Dotted, 10, "xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxr-", "xoxs-", "xoxe-", "xoxc-", "xoxd-", "xoxe.", "xapp-")
            .Select(shape => shape with { NeedsDigit = true }),
        .. Many("Stripe key", Alphabet.Alphanumeric, 16, "sk_live_", "sk_test_", "rk_live_", "rk_test_").Select(shape => shape with { NeedsDigit = true }),
        new("whsec_", Alphabet.Base64, 24, "webhook secret") { NeedsDigit = true },
        new("sk_", Alphabet.Hex, 48, "ElevenLabs key"),
        new("npm_", Alphabet.Alphanumeric, 36, "npm token"),
        new("pypi-AgE", Alphabet.Dashed, 40, "PyPI token"),
        new("SG.", Alphabet.Dotted, 39, "SendGrid key") { NeedsDigit = true },
        new("SK", Alphabet.Hex, 32, "Twilio key") { Max = 32 },
        .. Many("DigitalOcean token", Alphabet.Hex, 64, "dop_v1_", "doo_v1_", "dor_v1_"),
        .. Many("Docker token", Alphabet.Dashed, 20, "dckr_pat_", "dckr_oat_"),
        new("dapi", Alphabet.Hex, 32, "Databricks token"),
        .. Many("Vault token", Alphabet.Dashed, 24, "hvs.", "hvb.", "hvr.").Select(shape => shape with { NeedsDigit = true }),
        .. Many("Grafana token", Alphabet.Base64, 32, "glsa_", "glc_"),
        new("lin_api_", Alphabet.Alphanumeric, 32, "Linear key"),
        .. Many("Notion token", Alphabet.Alphanumeric, 40, "secret_", "ntn_").Select(shape => shape with { NeedsDigit = true }),
        .. Many("Shopify token", Alphabet.Hex, 32, "shpat_", "shpss_", "shpca_", "shppa_"),
        .. Many("Square token", Alphabet.Dashed, 22, "sq0atp-", "sq0csp-"),
        new("NRAK-", Alphabet.Upper, 27, "New Relic key"),
        new("r8_", Alphabet.Alphanumeric, 37, "Replicate token"),
        new("gsk_", Alphabet.Alphanumeric, 48, "Groq key"),
        new("xai-", Alphabet.Alphanumeric, 60, "xAI key"),
        new("pplx-", Alphabet.Alphanumeric, 40, "Perplexity key"),
        new("pcsk_", Alphabet.Word, 50, "Pinecone key"),
        .. Many("LangSmith key", Alphabet.Word, 32, "lsv2_pt_", "lsv2_sk_"),
        new("nvapi-", Alphabet.Dashed, 60, "NVIDIA key"),
        new("tvly-", Alphabet.Dashed, 28, "Tavily key") { NeedsDigit = true },
        new("wandb_v1_", Alphabet.Word, 40, "Weights & Biases key"),
        new("KGAT_", Alphabet.Hex, 32, "Kaggle token"),
        new("PMAK-", Alphabet.Dashed, 50, "Postman key"),
        .. Many("Doppler token", Alphabet.Alphanumeric, 40, "dp.pt.", "dp.st.", "dp.ct.", "dp.sa."),
        new("sbp_", Alphabet.Hex, 40, "Supabase token"),
        new("sb_secret_", Alphabet.Word, 24, "Supabase key") { NeedsDigit = true },
        .. Many("PlanetScale secret", Alphabet.Dotted, 32, "pscale_tkn_", "pscale_pw_", "pscale_oauth_"),
        new("ATATT3x", Alphabet.Padded, 60, "Atlassian token"),
        new("ATBB", Alphabet.Alphanumeric, 32, "Bitbucket token") { Max = 32 },
        new("HRKU-", Alphabet.Dashed, 36, "Heroku key"),
        .. Many("Fly.io token", Alphabet.Padded, 40, "fm1_", "fm1r_", "fm2_"),
        .. Many("Sentry token", Alphabet.Padded, 40, "sntrys_", "sntryu_"),
        new("rubygems_", Alphabet.Hex, 48, "RubyGems key"),
        new("oy2", Alphabet.LowerAlphanumeric, 43, "NuGet key") { Max = 43 },
        new("AKCp", Alphabet.Alphanumeric, 60, "Artifactory key"),
        new("key-", Alphabet.Hex, 32, "Mailgun key") { Max = 32 },
        new("AGE-SECRET-KEY-1", Alphabet.Upper, 50, "age key"),
        new("EAAC", Alphabet.Alphanumeric, 80, "Facebook token"),
        new("nfp_", Alphabet.Alphanumeric, 36, "Netlify token"),
        new("rnd_", Alphabet.Alphanumeric, 28, "Render key") { NeedsMixture = true },
        new("bkua_", Alphabet.Hex, 40, "Buildkite token"),
        new("CCIPAT_", Alphabet.Word, 40, "CircleCI token"),
        new("hooks.slack.com/services/", Alphabet.Path, 20, "Slack webhook") { Kept = 25 },
        new("hooks.slack.com/workflows/", Alphabet.Path, 20, "Slack webhook") { Kept = 26 },
        new("discord.com/api/webhooks/", Alphabet.Path, 30, "Discord webhook") { Kept = 25 },
        new("discordapp.com/api/webhooks/", Alphabet.Path, 30, "Discord webhook") { Kept = 28 },
        new("webhook.office.com/webhookb2/", Alphabet.Path, 30, "Teams webhook") { Kept = 29 },
        new("outlook.office.com/webhook/", Alphabet.Path, 30, "Teams webhook") { Kept = 27 },
        new("hooks.zapier.com/hooks/catch/", Alphabet.Path, 8, "Zapier webhook") { Kept = 29 },
        new("api.telegram.org/bot", Alphabet.Path, 30, "Telegram token") { Kept = 20 },
        new("maker.ifttt.com/trigger/", Alphabet.Path, 20, "IFTTT webhook") { Kept = 24 },
    ];

    private static readonly Shape[]?[] ByFirst = Index();

    internal enum Alphabet
    {
        Upper, Hex, LowerAlphanumeric, Alphanumeric, Word, Dashed, Dotted, Base64, Padded, Path,
    }

    /// <summary>Looks for a token that begins at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The place, before which a word ends.</param>
    /// <returns>Where what is secret of it begins and ends, and what it is; null for none.</returns>
    internal static (int Start, int End, string Kind)? At(string text, int start)
    {
        if (text[start] == 'e' && SignedEnd(text, start) is > 0 and var signedEnd)
        {
            return (start, signedEnd, "signed token");
        }

        if (char.IsAsciiDigit(text[start]) && TelegramEnd(text, start) is > 0 and var telegramEnd)
        {
            return (start, telegramEnd, "Telegram token");
        }

        foreach (var shape in text[start] < 128 ? ByFirst[text[start]] ?? [] : [])
        {
            if (shape.EndAt(text, start) is > 0 and var end)
            {
                return (start + shape.Kept, end, shape.Kind);
            }
        }

        return null;
    }

    /// <summary>What a whole word is that no prefix tells; null for no secret.</summary>
    internal static string? KindOf(ReadOnlySpan<char> word) => word.Length switch
    {
        // A key of Azure has its issuer's mark at a place near its end.
        84 when word.IndexOf("AZDO") is 76 or 75 => "Azure DevOps token",
        84 or 88 when word.IndexOf("JQQJ99") > 40 => "Azure key",
        >= 58 and <= 80 when word[0] is 'M' or 'N' or 'O' && IsDiscord(word) => "Discord token",
        >= 80 and <= 100 when word.IndexOf(".atlasv1.") == 14 => "Terraform token",
        _ => null,
    };

    /// <summary>Where a client secret of Azure ends, which has <c>Q~</c> at its fifth place; 0 for none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where a word begins.</param>
    /// <param name="tilde">Where it ends.</param>
    internal static int AzureEnd(string text, int start, int tilde)
    {
        if (tilde - start < 5 || tilde >= text.Length || text[tilde] != '~' || text[tilde - 1] != 'Q' || !char.IsAsciiDigit(text[tilde - 2]))
        {
            return 0;
        }

        var end = tilde + 1;
        while (end < text.Length && end - tilde <= 40 && (IsIn(Alphabet.Dotted, text[end]) || text[end] == '~'))
        {
            end++;
        }

        return end - tilde is > 30 and <= 40 ? end : 0;
    }

    internal static bool IsIn(Alphabet alphabet, char c) => alphabet switch
    {
        Alphabet.Upper => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c),
        Alphabet.Hex => char.IsAsciiHexDigit(c),
        Alphabet.LowerAlphanumeric => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c),
        Alphabet.Alphanumeric => char.IsAsciiLetterOrDigit(c),
        Alphabet.Word => char.IsAsciiLetterOrDigit(c) || c == '_',
        Alphabet.Dashed => char.IsAsciiLetterOrDigit(c) || c is '_' or '-',
        Alphabet.Dotted => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.',
        Alphabet.Base64 => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '_' or '=',
        Alphabet.Padded => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '=' or '+' or '/' or ',',
        _ => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.' or ':' or '@' or '%',
    };

    // Three or five parts, of which the first two are JSON objects; a part may be long.
    private static int SignedEnd(string text, int start)
    {
        // Within a token no other begins, so that no place is looked at twice.
        var isWithin = start > 0 && IsIn(Alphabet.Dotted, text[start - 1]) && !(start > 1 && text[start - 2] is '\\' or '%' or ' ');
        if (isWithin || !text.AsSpan(start).StartsWith("eyJ"))
        {
            return 0;
        }

        var end = start;
        while (end < text.Length && IsIn(Alphabet.Dotted, text[end]))
        {
            end++;
        }

        var token = text.AsSpan(start, end - start);
        var first = token.IndexOf('.');
        var second = first < 0 ? -1 : token[(first + 1)..].IndexOf('.');
        return first >= 12 && second >= 4 && first + 1 + second + 1 < token.Length ? end : 0;
    }

    private static int TelegramEnd(string text, int start)
    {
        const int TokenLength = 35;
        var colon = start;
        while (colon < text.Length && colon - start <= 10 && char.IsAsciiDigit(text[colon]))
        {
            colon++;
        }

        var end = colon + 1 + TokenLength;
        return colon - start is >= 8 and <= 10 && end <= text.Length && text[colon] == ':' && text[colon + 1] == 'A' && text[colon + 2] == 'A'
            && (end == text.Length || !IsIn(Alphabet.Dashed, text[end])) && IsAll(text.AsSpan(colon + 1, TokenLength))
            ? end
            : 0;
    }

    private static bool IsDiscord(ReadOnlySpan<char> word)
    {
        var first = word.IndexOf('.');
        var second = word.LastIndexOf('.');
        return first is >= 23 and <= 28 && second - first == 7 && word.Length - second - 1 >= 27;
    }

    private static bool IsAll(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!IsIn(Alphabet.Dashed, c))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<Shape> Many(string kind, Alphabet alphabet, int min, params string[] prefixes) =>
        prefixes.Select(prefix => new Shape(prefix, alphabet, min, kind));

    private static Shape[]?[] Index()
    {
        var index = new Shape[]?[128];
        foreach (var shapes in All.GroupBy(shape => shape.Prefix[0]))
        {
            index[shapes.Key] = [.. shapes];
        }

        return index;
    }

    /// <param name="Prefix">What it begins with.</param>
    /// <param name="Alphabet">What comes after.</param>
    /// <param name="Min">The least length after the prefix.</param>
    /// <param name="Kind">Whose it is.</param>
    private sealed record Shape(string Prefix, Alphabet Alphabet, int Min, string Kind)
    {
        /// <summary>The most characters after the prefix; what is longer is something else.</summary>
        public int Max { get; init; } = MaxLength;

        /// <summary>How much of its beginning is no secret.</summary>
        public int Kept { get; init; }

        /// <summary>Whether letters alone are a name, not a token.</summary>
        public bool NeedsDigit { get; init; }

        /// <summary>Whether it is hex digits, or has digits and letters of both cases; else it is a name.</summary>
        public bool NeedsMixture { get; init; }

        internal int EndAt(string text, int start)
        {
            if (!text.AsSpan(start).StartsWith(Prefix))
            {
                return 0;
            }

            var first = start + Prefix.Length;
            var most = Math.Min(text.Length, first + Max + 1);
            var end = first;
            while (end < most && IsIn(Alphabet, text[end]))
            {
                end++;
            }

            while (end > first && text[end - 1] is '.' or ',' or ':')
            {
                end--;
            }

            var token = text.AsSpan(first, end - first);
            return token.Length < Min || (Max < MaxLength && token.Length > Max) || (NeedsDigit && !token.ContainsAnyInRange('0', '9'))
                || (NeedsMixture && !IsMixed(token)) ? 0 : end;
        }

        private static bool IsMixed(ReadOnlySpan<char> token) =>
            token.ContainsAnyInRange('0', '9')
            && ((token.ContainsAnyInRange('a', 'z') && token.ContainsAnyInRange('A', 'Z')) || !token.ContainsAnyExcept(LowerHex));
    }
}
