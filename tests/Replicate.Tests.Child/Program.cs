using System.Globalization;
using System.Text;
using Replicate.Storage;
using Replicate.Storage.Disk;

switch (args)
{
    case ["large", var url, var length]:
        await LargeObject.RunAsync(url, int.Parse(length, CultureInfo.InvariantCulture));
        return;
    case ["add", var project, var id, var process, var count]:
        await Recording.AddAsync(
            project, id, long.Parse(process, CultureInfo.InvariantCulture), long.Parse(count, CultureInfo.InvariantCulture));
        return;
    case ["record", var project, var id]:
        await Recording.RecordAsync(project, id);
        return;
    case ["save", var project, var id, var path]:
        await Recording.SaveAsync(project, id, path);
        return;
    case ["durable", var project]:
        await Recording.DurableAsync(project);
        return;
    case ["waiting", var project]:
        await Recording.WaitingAsync(project);
        return;
    case ["lock", var place]:
        // Takes the lock of a repository, says so, and frees it when it is told to.
        using (new FileStream(Path.Combine(place, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Console.WriteLine("locked");
            Console.ReadLine();
        }

        return;
    case ["log", var project, var repository, var id]:
        Recording.Log(project, repository, id);
        return;
    case ["run", var project]:
        await Recording.RunAsync(project);
        return;
}

// A process for tests to kill: it puts objects into the store of a directory for ever, and says which are in place.
// Arguments: the directory, and a name that tells it from others of its kind.
var (directory, name) = (args[0], args[1]);
var store = new DiskStore(directory);
for (var i = 0; ; i++)
{
    var key = $"{name}/{i}";
    var content = ObjectContent.FromBytes(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(key + "\n", 20_000))));
    await store.PutAsync(key, content, PutCondition.IfAbsent);
    await store.PutAsync($"{name}.json", content);
    Console.WriteLine(key);
}
