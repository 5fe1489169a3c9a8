using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Runs.Saves;

/// <summary>Linux's events of what happens to files and pipes: one queue, in the order in which it happened.</summary>
internal static class Inotify
{
    internal const uint Modified = 0x2;
    internal const uint ClosedAfterWrite = 0x8;
    internal const uint MovedFrom = 0x40;
    internal const uint MovedTo = 0x80;
    internal const uint Created = 0x100;
    internal const uint Deleted = 0x200;
    internal const uint QueueOverflow = 0x4000;
    internal const uint WatchGone = 0x8000;
    internal const uint IsDirectory = 0x40000000;

    /// <summary>In what is asked for: nothing but a directory.</summary>
    internal const uint OnlyDirectory = 0x1000000;

    /// <summary>In what is asked for: beside what was asked for before.</summary>
    internal const uint AddToMask = 0x20000000;

    /// <summary>All that changes which entries a directory has.</summary>
    internal const uint EntryChange = MovedFrom | MovedTo | Created | Deleted;

    /// <summary>All that can change what a directory holds.</summary>
    internal const uint AnyChange = Modified | ClosedAfterWrite | EntryChange;

    private const string LibC = "libc";
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const short Readable = 1;
    private const short HungUp = 16;
    private const int LongWait = 1000;
    private const int CounterLength = sizeof(ulong);

    /// <summary>Opens a queue; null where the system gives none.</summary>
    internal static SafeFileHandle? TryOpen()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var queue = new SafeFileHandle(Open(NonBlocking | CloseOnExec), ownsHandle: true);
        return queue.IsInvalid ? null : queue;
    }

    /// <summary>Asks for events of a path; a link is followed.</summary>
    /// <returns>The number that they carry, the same for the same file; negative where it can't be watched.</returns>
    internal static int Watch(SafeFileHandle queue, string path, uint events) =>
        AddWatch(queue, Encoding.UTF8.GetBytes(path + "\0"), events);

    /// <summary>Opens a counter that ends a wait; null where the system gives none.</summary>
    internal static SafeFileHandle? TryOpenBell()
    {
        var bell = new SafeFileHandle(OpenBell(0, NonBlocking | CloseOnExec), ownsHandle: true);
        return bell.IsInvalid ? null : bell;
    }

    /// <summary>Ends the current wait, or the next.</summary>
    internal static void Ring(SafeFileHandle bell)
    {
        Span<byte> one = stackalloc byte[CounterLength];
        BitConverter.TryWriteBytes(one, 1UL);
        _ = Write(bell, ref one[0], CounterLength);
    }

    /// <summary>Waits until there are events, the bell rings, or a time is over.</summary>
    internal static void Wait(SafeFileHandle queue, SafeFileHandle bell, int milliseconds)
    {
        Span<WaitFor> both =
        [
            new WaitFor { File = (int)queue.DangerousGetHandle(), Events = Readable },
            new WaitFor { File = (int)bell.DangerousGetHandle(), Events = Readable },
        ];
        _ = Poll(ref both[0], (nuint)both.Length, milliseconds);
        if ((both[1].Seen & Readable) != 0)
        {
            Span<byte> count = stackalloc byte[CounterLength];
            _ = Read(bell, ref count[0], CounterLength);
        }
    }

    /// <summary>Whether a pipe holds bytes that nobody has read.</summary>
    internal static bool HasBytes(SafeFileHandle pipe)
    {
        Span<WaitFor> one = [new WaitFor { File = (int)pipe.DangerousGetHandle(), Events = Readable }];
        return Poll(ref one[0], 1, 0) > 0 && (one[0].Seen & Readable) != 0;
    }

    /// <summary>Whether nobody is there any more who could write to a pipe.</summary>
    internal static bool HasEnded(SafeFileHandle pipe)
    {
        Span<WaitFor> one = [new WaitFor { File = (int)pipe.DangerousGetHandle(), Events = Readable }];
        return Poll(ref one[0], 1, 0) > 0 && (one[0].Seen & HungUp) != 0;
    }

    /// <summary>Waits until a pipe holds bytes, or until nobody is there any more who could write to it.</summary>
    internal static void WaitForBytes(SafeFileHandle pipe)
    {
        Span<WaitFor> one = [new WaitFor { File = (int)pipe.DangerousGetHandle(), Events = Readable }];
        while (Poll(ref one[0], 1, LongWait) <= 0)
        {
            // A signal came, or the time is over.
        }
    }

    /// <summary>Takes events that are there.</summary>
    /// <returns>How many bytes; 0 for none.</returns>
    internal static int Take(SafeFileHandle queue, Span<byte> buffer) => (int)Math.Max(0, Read(queue, ref buffer[0], buffer.Length));

    [DllImport(LibC, EntryPoint = "inotify_init1")]
    private static extern int Open(int flags);

    [DllImport(LibC, EntryPoint = "inotify_add_watch")]
    private static extern int AddWatch(SafeFileHandle queue, byte[] path, uint events);

    [DllImport(LibC, EntryPoint = "eventfd")]
    private static extern int OpenBell(uint count, int flags);

    [DllImport(LibC, EntryPoint = "poll")]
    private static extern int Poll(ref WaitFor files, nuint count, int milliseconds);

    [DllImport(LibC, EntryPoint = "read")]
    private static extern nint Read(SafeFileHandle file, ref byte buffer, nint count);

    [DllImport(LibC, EntryPoint = "write")]
    private static extern nint Write(SafeFileHandle file, ref byte buffer, nint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct WaitFor
    {
        public int File;
        public short Events;
        public short Seen;
    }
}
