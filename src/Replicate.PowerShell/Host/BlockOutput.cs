using System.Management.Automation;
using System.Text;
using Replicate.Runs;

namespace Replicate.PowerShell.Host;

/// <summary>
/// Runs a script block as a training run: what it puts out, <c>Write-Host</c> included, is read line by line, and goes on as
/// it comes.
/// </summary>
/// <param name="cmdlet">The running cmdlet.</param>
/// <param name="run">What reads the lines.</param>
/// <param name="output">Where the output goes; null for the host.</param>
internal sealed class BlockOutput(PSCmdlet cmdlet, TrainingRun run, Action<PSObject>? output)
{
    private const int TailLength = 50;
    private const int MaxHostLine = 1 << 20;

    private static readonly CmdletInfo Receive = new("Receive-RunOutput", typeof(ReceiveRunOutput));

    // The arguments have no names, which the block would see. The 'try' makes every terminating error end the block.
    private static readonly ScriptBlock ToHost = ScriptBlock.Create(
        "$_ = $args[3]; try { & $args[0] 2>&1 6>&1 | & $args[1] -Output $args[2] | Out-Default } catch { throw }");

    private static readonly ScriptBlock ToPipeline = ScriptBlock.Create(
        "$_ = $args[3]; try { & $args[0] 2>&1 6>&1 | & $args[1] -Output $args[2] } catch { throw }");

    private readonly Queue<string> _tail = new(TailLength);
    private readonly StringBuilder _hostLine = new();
    private bool _isFormatted;

    /// <summary>The last 50 lines of the error output.</summary>
    internal string ErrorOutput => string.Join('\n', _tail);

    /// <summary>Runs the block, which finds the variables of the run in its environment and an object in <c>$_</c>.</summary>
    /// <exception cref="Exception">Whatever ended the block before its end.</exception>
    internal void Invoke(ScriptBlock block, object input)
    {
        var before = run.Variables.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        try
        {
            Set(run.Variables);
            cmdlet.InvokeCommand.InvokeScript(
                useLocalScope: true, output is null ? ToHost : ToPipeline, null, block, Receive, this, input);
        }
        finally
        {
            Set(before);
            ReadHostLine();
        }
    }

    /// <summary>Adds to the error output what isn't put out by the block itself.</summary>
    internal void AddError(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (_tail.Count == TailLength)
            {
                _tail.Dequeue();
            }

            _tail.Enqueue(line.TrimEnd('\r'));
        }
    }

    private static void Set(IEnumerable<KeyValuePair<string, string?>> variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>Reads one object; whether it is output that is still to be shown.</summary>
    private bool Take(PSObject item)
    {
        if (item.BaseObject is InformationRecord information)
        {
            Add(information);
            cmdlet.WriteInformation(information);
            return false;
        }

        if (item.BaseObject is ErrorRecord error)
        {
            var text = error.ToString();
            AddError(text);
            if (error.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal))
            {
                run.ReadLine(text, isError: true);
                cmdlet.Host.UI.WriteErrorLine(text);
            }
            else
            {
                run.KeepLine(text, isError: true);
                cmdlet.WriteError(error);
            }

            return false;
        }

        var line = item.BaseObject as string;
        run.ReadLine(line ?? item.ToString());
        if (output is not null)
        {
            output(item);
            return false;
        }

        // A line needs no formatting, which takes longer than many programs for a step; behind an object it has to wait for it.
        _isFormatted |= line is null;
        if (!_isFormatted)
        {
            cmdlet.Host.UI.WriteLine(line!);
        }

        return _isFormatted;
    }

    /// <summary>Reads what the host shows, whose lines may come in parts.</summary>
    private void Add(InformationRecord information)
    {
        var message = information.MessageData as HostInformationMessage;
        var text = message?.Message ?? information.MessageData?.ToString() ?? "";
        _hostLine.Append(text, 0, Math.Min(text.Length, MaxHostLine - _hostLine.Length));
        if (message?.NoNewLine != true)
        {
            ReadHostLine();
        }
    }

    private void ReadHostLine()
    {
        if (_hostLine.Length > 0)
        {
            run.ReadLine(_hostLine.ToString());
            _hostLine.Clear();
        }
    }

    /// <summary>The end of the block's own pipeline; not exported.</summary>
    [Cmdlet(VerbsCommunications.Receive, "RunOutput")]
    private sealed class ReceiveRunOutput : Cmdlet
    {
        [Parameter(Mandatory = true)]
        public BlockOutput? Output { get; set; }

        [Parameter(ValueFromPipeline = true)]
        [AllowNull]
        [AllowEmptyString]
        public PSObject? InputObject { get; set; }

        protected override void ProcessRecord()
        {
            if (InputObject is not null && Output!.Take(InputObject))
            {
                WriteObject(InputObject);
            }
        }
    }
}
