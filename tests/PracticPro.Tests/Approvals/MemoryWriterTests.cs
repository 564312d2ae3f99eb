using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Approvals;

public sealed class MemoryCalendarTests : EventWriterContract
{
    internal override Task<CalendarUnderTest> OpenAsync() => Task.FromResult<CalendarUnderTest>(new MemoryCalendar());
}

public sealed class MemoryTaskListTests : TaskWriterContract
{
    internal override Task<TaskListUnderTest> OpenAsync() => Task.FromResult<TaskListUnderTest>(new MemoryTaskList());
}
